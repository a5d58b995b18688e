package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/preflight"
	"github.com/terraform-crosscloud/terraform-provider-crosscloud/internal/preflight/configuration"
)

// errRefused says that something of the configuration would fail.
var errRefused = errors.New("the configuration would fail")

// list is an option that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// runPreflight makes the checks of a plan for a configuration, on the clouds that
// the environment and the provider blocks point at.
func runPreflight(ctx context.Context, args []string, out, diag io.Writer) error {
	flags := flag.NewFlagSet("crosscloud preflight", flag.ContinueOnError)
	o := configuration.Options{Environ: os.Environ()}
	flags.StringVar(&o.Path, "config", ".", "folder of the Terraform configuration, or a plan as terraform show -json writes it")
	flags.Var((*list)(&o.Vars), "var", "value of an input variable, `NAME=VALUE`; may be repeated")
	flags.Var((*list)(&o.VarFiles), "var-file", "`file` of values of input variables; may be repeated")
	output := flags.String("output", "table", "table, or json")
	timeout := flags.Duration("timeout", 2*time.Minute, "longest time")
	if err := parse(flags, args, diag); err != nil {
		return err
	}
	if *output != "table" && *output != "json" {
		return fmt.Errorf("--output must be table or json, not %q", *output)
	}
	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()
	report, err := preflight.Run(ctx, version, o)
	if err != nil {
		return err
	}
	if *output == "json" {
		err = printReportJSON(out, report)
	} else {
		err = printReport(out, report)
	}
	switch {
	case err != nil:
		return err
	case report.Unreachable != nil:
		return fmt.Errorf("a cloud could not be asked: %w", report.Unreachable)
	case report.Failed():
		return errRefused
	}
	return nil
}

// summary counts the results, in the order of the report.
func summary(r preflight.Report) string {
	counts := map[preflight.Result]int{}
	for _, c := range r.Checks {
		counts[c.Result]++
	}
	return fmt.Sprintf("%d ok, %d to be looked at, %d failed, %d not checked.",
		counts[preflight.OK], counts[preflight.Warning], counts[preflight.Failed], counts[preflight.NotChecked])
}

func printReportJSON(out io.Writer, r preflight.Report) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Failed bool `json:"failed"`
		preflight.Report
	}{r.Failed(), r})
}

// printReport is the report for people: a table of all checks, and below it what is
// wrong, with what to do.
func printReport(out io.Writer, r preflight.Report) error {
	if len(r.Checks) == 0 {
		fmt.Fprintln(out, "The configuration has nothing that the provider would make or change.")
	} else {
		w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "RESOURCE\tEND\tCHECK\tRESULT")
		for _, c := range r.Checks {
			result := strings.ReplaceAll(string(c.Result), "_", " ")
			if c.Result == preflight.NotChecked && len(c.Messages) > 0 {
				result += ": " + c.Messages[0].Text
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", c.Address, orDash(c.End), c.Check, result)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	for _, c := range r.Checks {
		if c.Result == preflight.OK || c.Result == preflight.NotChecked {
			continue
		}
		for _, m := range c.Messages {
			printMessage(out, c, m)
		}
	}
	for i, n := range r.Notes {
		if i == 0 {
			fmt.Fprintln(out, "\nNot known:")
		}
		fmt.Fprintf(out, "  %s: %s\n", n.Where, n.What)
	}
	_, err := fmt.Fprintf(out, "\n%s\n", summary(r))
	return err
}

func printMessage(out io.Writer, c preflight.Check, m preflight.Message) {
	where := c.Address
	if m.Attribute != "" {
		where += ", " + m.Attribute
	}
	if c.End != "" {
		where = c.End + ": " + where
	}
	fmt.Fprintf(out, "\n%s: %s (%s)\n  %s\n", strings.ToUpper(string(c.Result)), c.Check, where, m.Text)
	if m.Remedy != "" {
		fmt.Fprintf(out, "  What to do: %s\n", m.Remedy)
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
