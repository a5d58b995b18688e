package interconnect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend/interconnect/internal/redact"
)

// operation is what is particular to one operation of the API.
type operation[In, Out any] struct {
	// name of the operation on the wire.
	name string
	// required names the input's members that must be there. Nil if none must.
	required func(*In, *requirements)
	// token is the input's client token. Nil if the operation has none.
	token func(*In) **string
	// secret is the activation key in the input. Nil if there is none.
	secret func(*In) *string
	// toWire is the input as a value that encoding/json marshals.
	toWire func(*In) (any, error)
	// fromWire is the output in the body of an answer.
	fromWire func(body []byte) (*Out, error)
	// metadata is where the output keeps the call's metadata.
	metadata func(*Out) *middleware.Metadata
}

// invoke performs the operation.
func invoke[In, Out any](
	ctx context.Context, c *Client, op operation[In, Out], params *In, optFns []func(*Options),
) (*Out, error) {
	if params == nil {
		params = new(In)
	}
	var secrets redact.Redactor
	if op.secret != nil {
		secrets = redact.For(op.secret(params))
	}
	result, metadata, err := c.send(ctx, op.name, params, secrets, optFns, func(stack *middleware.Stack, o Options) error {
		return op.addSteps(stack, o, secrets)
	})
	if err != nil {
		return nil, err
	}
	out, ok := result.(*Out)
	if !ok {
		return nil, fmt.Errorf("%s: a middleware returned a %T in place of a %T", op.name, result, out)
	}
	*op.metadata(out) = metadata
	return out, nil
}

// addSteps adds the operation's own middleware: token, validation, serializer
// and deserializer.
func (op operation[In, Out]) addSteps(stack *middleware.Stack, o Options, secrets redact.Redactor) error {
	var errs []error
	if op.token != nil {
		errs = append(errs, stack.Initialize.Add(middleware.InitializeMiddlewareFunc(
			"OperationIdempotencyTokenAutoFill", op.fillToken(o.IdempotencyTokenProvider)), middleware.After))
	}
	if op.required != nil {
		errs = append(errs, stack.Initialize.Add(middleware.InitializeMiddlewareFunc(
			"OperationInputValidation", op.validate), middleware.After))
	}
	errs = append(errs,
		stack.Serialize.Add(middleware.SerializeMiddlewareFunc("OperationSerializer", op.serialize), middleware.After),
		stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc(
			"OperationDeserializer", op.deserialize(secrets)), middleware.After))
	return errors.Join(errs...)
}

// fillToken gives a call without a client token one of its own. It runs before
// the retry loop, so that every attempt carries the same. The caller's input is
// left as it is.
func (op operation[In, Out]) fillToken(provider IdempotencyTokenProvider) initializeFunc {
	return func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		params, ok := in.Parameters.(*In)
		if !ok {
			return middleware.InitializeOutput{}, middleware.Metadata{}, unknownInput(in.Parameters)
		}
		if provider != nil && *op.token(params) == nil {
			token, err := provider.GetIdempotencyToken()
			if err != nil {
				return middleware.InitializeOutput{}, middleware.Metadata{}, fmt.Errorf("making a client token: %w", err)
			}
			filled := *params
			*op.token(&filled) = &token
			in.Parameters = &filled
		}
		return next.HandleInitialize(ctx, in)
	}
}

type initializeFunc = func(
	context.Context, middleware.InitializeInput, middleware.InitializeHandler,
) (middleware.InitializeOutput, middleware.Metadata, error)

// validate fails with a smithy.InvalidParamsError if required members are missing.
func (op operation[In, Out]) validate(
	ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
) (middleware.InitializeOutput, middleware.Metadata, error) {
	params, ok := in.Parameters.(*In)
	if !ok {
		return middleware.InitializeOutput{}, middleware.Metadata{}, unknownInput(in.Parameters)
	}
	missing := requirements{smithy.InvalidParamsError{Context: op.name + "Input"}}
	op.required(params, &missing)
	if missing.Len() > 0 {
		return middleware.InitializeOutput{}, middleware.Metadata{}, missing.InvalidParamsError
	}
	return next.HandleInitialize(ctx, in)
}

// requirements collects the members that are missing.
type requirements struct{ smithy.InvalidParamsError }

func (r *requirements) need(member string, present bool) {
	if !present {
		r.Add(smithy.NewErrParamRequired(member))
	}
}

// serialize writes the request: JSON 1.0 (AWS service model, protocols).
func (op operation[In, Out]) serialize(
	ctx context.Context, in middleware.SerializeInput, next middleware.SerializeHandler,
) (out middleware.SerializeOutput, metadata middleware.Metadata, err error) {
	params, ok := in.Parameters.(*In)
	if !ok {
		return out, metadata, unknownInput(in.Parameters)
	}
	req, ok := in.Request.(*smithyhttp.Request)
	if !ok {
		return out, metadata, fmt.Errorf("unknown transport type %T", in.Request)
	}
	wire, err := op.toWire(params)
	if err != nil {
		return out, metadata, &smithy.SerializationError{Err: err}
	}
	body, err := json.Marshal(wire)
	if err != nil {
		return out, metadata, &smithy.SerializationError{Err: err}
	}
	if req, err = req.SetStream(bytes.NewReader(body)); err != nil {
		return out, metadata, &smithy.SerializationError{Err: err}
	}
	req.Method = http.MethodPost
	req.URL.Path = "/"
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-Amz-Target", targetPrefix+"."+op.name)
	in.Request = req
	return next.HandleSerialize(ctx, in)
}

type deserializeFunc = func(
	context.Context, middleware.DeserializeInput, middleware.DeserializeHandler,
) (middleware.DeserializeOutput, middleware.Metadata, error)

// deserialize reads the answer, an output or an error.
func (op operation[In, Out]) deserialize(secrets redact.Redactor) deserializeFunc {
	return func(
		ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler,
	) (out middleware.DeserializeOutput, metadata middleware.Metadata, err error) {
		out, metadata, err = next.HandleDeserialize(ctx, in)
		resp, ok := out.RawResponse.(*smithyhttp.Response)
		if !ok {
			if err == nil {
				err = &smithy.DeserializationError{Err: fmt.Errorf("unknown transport type %T", out.RawResponse)}
			}
			return out, metadata, err
		}
		defer func() { smithyhttp.CloseResponseBody(ctx, resp, false, err) }()
		if err != nil {
			return out, metadata, err
		}
		body, err := readBody(ctx, resp)
		if err != nil {
			return out, metadata, err
		}
		if resp.StatusCode < 200 || resp.StatusCode >= 300 {
			return out, metadata, deserializeError(resp.Response, body, secrets)
		}
		output, err := op.fromWire(body)
		if err != nil {
			return out, metadata, &smithy.DeserializationError{Err: fmt.Errorf("%s output: %w", op.name, err)}
		}
		out.Result = output
		return out, metadata, nil
	}
}

func unknownInput(params any) error {
	return fmt.Errorf("unknown input parameters type %T", params)
}
