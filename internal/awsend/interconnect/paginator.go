package interconnect

import (
	"context"
	"errors"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// paginatorOptions are the options of every paginator.
type paginatorOptions struct {
	// Limit is the most items of a page, 1 to 100. 0 leaves it to the service.
	Limit int32
	// StopOnDuplicateToken ends the list if the service answers with the token
	// it was asked with, instead of asking for the same page for ever.
	StopOnDuplicateToken bool
}

// page is where an operation's input and output keep their place in a list.
type page[In, Out any] struct {
	token  func(*In) **string
	limit  func(*In) **int32
	follow func(*Out) *string
}

// paginator goes through the pages of a list. It is for one goroutine.
type paginator[In, Out any] struct {
	page      page[In, Out]
	call      func(context.Context, *In, ...func(*Options)) (*Out, error)
	params    In
	options   paginatorOptions
	nextToken *string
	firstPage bool
}

func newPaginator[In, Out any, O ~struct {
	Limit                int32
	StopOnDuplicateToken bool
}](
	p page[In, Out], call func(context.Context, *In, ...func(*Options)) (*Out, error), params *In, optFns []func(*O),
) paginator[In, Out] {
	if params == nil {
		params = new(In)
	}
	var options O
	if limit := *p.limit(params); limit != nil {
		options = O(paginatorOptions{Limit: *limit})
	}
	for _, fn := range optFns {
		fn(&options)
	}
	return paginator[In, Out]{
		page:      p,
		call:      call,
		params:    *params,
		options:   paginatorOptions(options),
		nextToken: *p.token(params),
		firstPage: true,
	}
}

func (p *paginator[In, Out]) hasMorePages() bool {
	return p.firstPage || (p.nextToken != nil && *p.nextToken != "")
}

func (p *paginator[In, Out]) nextPage(ctx context.Context, optFns []func(*Options)) (*Out, error) {
	if !p.hasMorePages() {
		return nil, errors.New("no more pages available")
	}
	params := p.params
	*p.page.token(&params) = p.nextToken
	*p.page.limit(&params) = nil
	if p.options.Limit > 0 {
		*p.page.limit(&params) = &p.options.Limit
	}
	out, err := p.call(ctx, &params, append([]func(*Options){markPaginator}, optFns...)...)
	if err != nil {
		return nil, err
	}
	asked := p.nextToken
	p.firstPage = false
	p.nextToken = p.page.follow(out)
	if p.options.StopOnDuplicateToken && asked != nil && p.nextToken != nil && *asked == *p.nextToken {
		p.nextToken = nil
	}
	return out, nil
}

// markPaginator notes in the User-Agent header that a paginator calls.
func markPaginator(o *Options) {
	o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
		ua, err := userAgent(stack)
		if err != nil {
			return err
		}
		ua.AddUserAgentFeature(awsmiddleware.UserAgentFeaturePaginator)
		return nil
	})
}
