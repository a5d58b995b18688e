package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/awsend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/cost"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/googleend"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/inventory"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/link"
)

// row is a link in the listing.
type row struct {
	Name        string            `json:"name"`
	Status      string            `json:"status"`
	Summary     string            `json:"summary"`
	SharedID    string            `json:"shared_id"`
	Bandwidth   string            `json:"bandwidth"`
	AWS         end               `json:"aws"`
	Google      end               `json:"google"`
	Cost        cost.Link         `json:"cost"`
	Differences map[string]values `json:"differences,omitempty"`
}

// end is one end of a row.
type end struct {
	ID      string `json:"id"`
	State   string `json:"state"`
	Account string `json:"account"`
	Region  string `json:"region"`
}

// values are both ends' values of a field, by cloud.
type values map[string]string

// runLinks lists the links of both clouds: the sandbox's or the real ones,
// wherever the environment points.
func runLinks(ctx context.Context, args []string, out, diag io.Writer) error {
	flags := flag.NewFlagSet("crosscloud links", flag.ContinueOnError)
	output := flags.String("output", "table", "table, or json")
	regions := flags.String("aws-regions", "", "AWS regions, separated by commas (default: all that Google is joined with)")
	project := flags.String("project", "", "Google Cloud project (default: the environment's)")
	timeout := flags.Duration("timeout", time.Minute, "longest time")
	if err := parse(flags, args, diag); err != nil {
		return err
	}
	if *output != "table" && *output != "json" {
		return fmt.Errorf("--output must be table or json, not %q", *output)
	}
	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()
	google, err := googleend.Load(ctx, googleend.Settings{Project: *project, UserAgent: "crosscloud/" + version}, nil)
	if err != nil {
		return err
	}
	if google.Project() == "" {
		return errors.New("no Google Cloud project: give --project or GOOGLE_PROJECT")
	}
	amazon, err := awsend.Load(ctx, awsend.Settings{Product: "crosscloud", Version: version})
	if err != nil {
		return err
	}
	clouds := inventory.Clouds{
		AWS:    func(context.Context) (*awsend.Account, error) { return amazon, nil },
		Google: func(context.Context) (*googleend.Account, error) { return google, nil },
	}
	rows, err := collect(ctx, clouds, strings.FieldsFunc(*regions, func(r rune) bool { return r == ',' || r == ' ' }))
	if err != nil {
		return err
	}
	if *output == "json" {
		err = printJSON(out, rows)
	} else {
		err = printTable(out, rows)
	}
	if err == nil && slices.ContainsFunc(rows, func(r row) bool { return r.Status != string(link.Matched) }) {
		return errUnmatched
	}
	return err
}

// collect lists both clouds and joins what they say.
func collect(ctx context.Context, clouds inventory.Clouds, regions []string) ([]row, error) {
	seen, err := clouds.All(ctx, inventory.Scope{AWSRegions: regions})
	if err != nil {
		return nil, err
	}
	rows := []row{}
	for _, s := range seen {
		rows = append(rows, toRow(s))
	}
	return rows, nil
}

// toRow is a link as the listing shows it.
func toRow(s link.Seen) row {
	p := link.Pair(s.Link, s.View)
	aws, google := s.View[inventory.SideAWS], s.View[inventory.SideGoogle]
	r := row{
		Name: s.Name, Status: string(p.Status), Summary: p.Summary, SharedID: s.View.SharedID(),
		AWS: toEnd(aws), Google: toEnd(google), Bandwidth: aws.Bandwidth.String(), Cost: inventory.Cost(aws, google, 0),
	}
	if aws.Bandwidth == 0 {
		r.Bandwidth = google.Bandwidth.String()
	}
	for _, d := range p.Differences {
		if r.Differences == nil {
			r.Differences = map[string]values{}
		}
		r.Differences[d.Field] = d.Values
	}
	return r
}

func toEnd(o link.Observation) end {
	e := end{ID: o.ID, State: o.Raw, Account: o.Site.Account, Region: o.Site.Region}
	if e.State == "" {
		e.State = string(o.State)
	}
	return e
}

func printJSON(out io.Writer, rows []row) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(rows)
}

// printTable is the listing for people. A line below the table says what its
// prices are, and one for each link that is not matched, why.
func printTable(out io.Writer, rows []row) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(out, "No links on either cloud.")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tPAIRING\tBANDWIDTH\tAWS\tSTATE\tUSD/MONTH\tGOOGLE\tSTATE\tUSD/MONTH")
	for _, r := range rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Name, r.Status, r.Bandwidth,
			place(r.AWS.Region, r.AWS.ID), r.AWS.State, monthly(r.Cost.AWS),
			place(r.Google.Region, shortName(r.Google.ID)), r.Google.State, monthly(r.Cost.Google))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "USD/MONTH: estimate at list price%s; \"unknown\" where no price is known.\n", dates(rows))
	for _, r := range rows {
		if r.Status != string(link.Matched) {
			fmt.Fprintf(out, "%s: %s\n", r.Name, r.Summary)
		}
	}
	return nil
}

// monthly is what an end costs in a month.
func monthly(e *cost.Estimate) string {
	switch {
	case e == nil:
		return "-"
	case e.Monthly == nil:
		return "unknown"
	}
	return e.Monthly.String()
}

// dates says of when the prices in the table are.
func dates(rows []row) string {
	var all []string
	for _, r := range rows {
		for _, e := range []*cost.Estimate{r.Cost.AWS, r.Cost.Google} {
			if e != nil && e.AsOf != "" {
				all = append(all, e.AsOf)
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.Sort(all)
	return " of " + strings.Join(slices.Compact(all), " and ")
}

func place(region, id string) string {
	if id == "" {
		return "-"
	}
	return region + "/" + id
}

func shortName(id string) string { return id[strings.LastIndex(id, "/")+1:] }
