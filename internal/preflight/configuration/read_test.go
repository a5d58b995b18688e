package configuration

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// schema is a provider of one resource.
func schema() Schema {
	aws := map[string]Attribute{
		"region": {Type: cty.String, Computed: true, Optional: true},
		"arn":    {Type: cty.String, Computed: true},
		"tags":   {Type: cty.Map(cty.String), Optional: true},
	}
	return Schema{
		Provider: map[string]Attribute{"owner": {Type: cty.String, Optional: true}, "aws": {Type: cty.Object(map[string]cty.Type{"default_tags": cty.Map(cty.String)}), Optional: true}},
		Resources: map[string]map[string]Attribute{"crosscloud_interconnect": {
			"id": {Type: cty.String, Computed: true}, "name": {Type: cty.String, Optional: true}, "bandwidth": {Type: cty.String, Optional: true, Computed: true},
			"routes": {Type: cty.Set(cty.String), Optional: true}, "secret_wo": {Type: cty.String, Optional: true, WriteOnly: true},
			"aws": {Type: objectType(aws), Nested: aws, Optional: true},
		}},
	}
}

// put writes files into a folder and returns it.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// brief is a value in a line: what is null is left out, and what is unknown is "?".
func brief(t *testing.T, v cty.Value) string {
	t.Helper()
	shown, err := cty.Transform(v, func(_ cty.Path, v cty.Value) (cty.Value, error) {
		switch {
		case !v.IsKnown():
			return cty.StringVal("?"), nil
		case v.IsNull() || !v.Type().IsObjectType():
			return v, nil
		}
		out := v.AsValueMap()
		for name, e := range out {
			if e.IsNull() {
				delete(out, name)
			}
		}
		return cty.ObjectVal(out), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := ctyjson.Marshal(shown, shown.Type())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// reading is what a planner was told, by address, and the notes.
type reading struct {
	told  map[string]string
	order []string
	notes []string
}

// read reads a configuration with a planner that gives each resource an id.
func read(t *testing.T, o Options) (reading, error) {
	t.Helper()
	got := reading{told: map[string]string{}}
	notes, err := Read(t.Context(), o, schema(), func(_ context.Context, one Instance) (cty.Value, error) {
		if one.Type != "crosscloud_interconnect" || got.told[one.Address] != "" {
			t.Errorf("%s %s is planned, or planned twice", one.Type, one.Address)
		}
		text := one.Provider + " " + brief(t, one.ProviderConfig) + " " + brief(t, one.Config)
		if one.Prior != cty.NilVal {
			text += " was " + brief(t, one.Prior)
		}
		got.told[one.Address], got.order = text, append(got.order, one.Address)
		planned := one.Config.AsValueMap()
		planned["id"] = cty.StringVal("id of " + one.Address)
		return cty.ObjectVal(planned), nil
	})
	for _, n := range notes {
		got.notes = append(got.notes, n.Where+": "+n.What)
	}
	return got, err
}

// link is the configuration of a resource "a".
func link(arguments string) map[string]string {
	return map[string]string{"main.tf": "resource \"crosscloud_interconnect\" \"a\" {\n" + arguments + "\n}\n"}
}

func with(files map[string]string, name, text string) map[string]string {
	files[name] += text
	return files
}

func TestRead(t *testing.T) {
	const a = "crosscloud_interconnect.a"
	plain := func(config string) map[string]string { return map[string]string{a: "crosscloud {} " + config} }
	for name, tt := range map[string]struct {
		files map[string]string
		o     Options
		want  map[string]string
		notes []string
	}{
		"literals": {files: link("name = \"n\"\nroutes = [\"10.0.0.0/8\"]\naws = { region = \"r\" }"), want: plain(`{"aws":{"region":"r"},"name":"n","routes":["10.0.0.0/8"]}`)},
		"JSON":     {files: map[string]string{"main.tf.json": `{"resource": {"crosscloud_interconnect": {"a": {"name": "${upper(\"n\")}"}}}}`}, want: plain(`{"name":"N"}`)},
		"defaults, locals, functions": {
			files: with(link("name = local.full\nroutes = [for i in range(2) : cidrsubnet(var.net, 8, i)]"), "main.tf",
				"variable \"net\" { default = \"10.0.0.0/8\" }\nlocals {\n full = \"${local.short}-x\"\n short = \"n\"\n}"),
			want: plain(`{"name":"n-x","routes":["10.0.0.0/16","10.1.0.0/16"]}`),
		},
		"values of variables, the later the stronger": {
			files: with(with(with(link("name = \"${var.a}${var.b}${var.c}${var.d}\""), "main.tf", "variable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" {}\nvariable \"d\" { type = string }\n"),
				"terraform.tfvars", "b = 2\nc = 2\nd = 2\n"), "x.auto.tfvars", "c = 3\nd = 3\n"),
			o: Options{Environ: []string{"TF_VAR_a=1", "TF_VAR_b=1", "TF_VAR_z=1", "PATH=x"}, Vars: []string{"d=4"}}, want: plain(`{"name":"1234"}`),
		},
		"typed value":      {files: with(link("routes = var.r"), "main.tf", "variable \"r\" { type = list(string) }"), o: Options{Vars: []string{`r=["a"]`}}, want: plain(`{"routes":["a"]}`)},
		"optional default": {files: with(link("name = var.o.n"), "main.tf", "variable \"o\" {\n type = object({ n = optional(string, \"d\") })\n default = {}\n}"), want: plain(`{"name":"d"}`)},
		"no value": {
			files: with(link("name = var.n\nbandwidth = \"1Gbps\""), "main.tf", "variable \"n\" { type = string }"), want: plain(`{"bandwidth":"1Gbps","name":"?"}`),
			notes: []string{"var.n: the variable has no value: give one with -var or -var-file"},
		},
		"another provider's": {
			files: with(link("name = other_thing.x.name\nbandwidth = other_thing.x.id\naws = { region = data.other_thing.y.region }"), "main.tf", "resource \"other_thing\" \"x\" { name = \"n\" }"),
			want:  plain(`{"aws":{"region":"?"},"bandwidth":"?","name":"n"}`),
		},
		"function that is not there": {
			files: link("name = \"n\"\naws = { region = templatefile(\"x\", {}), tags = { a = \"b\" } }"), want: plain(`{"aws":{"region":"?","tags":{"a":"b"}},"name":"n"}`),
			notes: []string{"main.tf:3: cannot be evaluated here: Call to unknown function: There is no function named \"templatefile\"."},
		},
		"circle": {
			files: with(link("name = local.a"), "main.tf", "locals {\n a = local.b\n b = local.a\n}"), want: plain(`{"name":"?"}`),
			notes: []string{"local.a: it depends on itself"},
		},
		"count": {
			files: link("count = 2\nname = \"n${count.index}\""),
			want:  map[string]string{a + "[0]": `crosscloud {} {"name":"n0"}`, a + "[1]": `crosscloud {} {"name":"n1"}`},
		},
		"none": {files: link("count = 0\nname = \"n\""), want: map[string]string{}},
		"count that is not known": {
			files: link("count = data.x.y.n\nname = \"n${count.index}\""), want: map[string]string{a + "[*]": `crosscloud {} {"name":"?"}`},
			notes: []string{a + ": how many instances there are is not known: one is checked for all"},
		},
		"for_each": {
			files: link("for_each = toset([\"x\", \"y\"])\nname = each.key"),
			want:  map[string]string{a + `["x"]`: `crosscloud {} {"name":"x"}`, a + `["y"]`: `crosscloud {} {"name":"y"}`},
		},
		"ours, by reference": {
			files: with(link("name = crosscloud_interconnect.b[\"k\"].id\nbandwidth = crosscloud_interconnect.c[0].name"), "main.tf",
				"resource \"crosscloud_interconnect\" \"b\" {\n for_each = { k = \"v\" }\n name = each.value\n}\nresource \"crosscloud_interconnect\" \"c\" {\n count = 1\n name = \"c\"\n}"),
			want: map[string]string{
				a: `crosscloud {} {"bandwidth":"c","name":"id of crosscloud_interconnect.b[\"k\"]"}`, `crosscloud_interconnect.b["k"]`: `crosscloud {} {"name":"v"}`,
				"crosscloud_interconnect.c[0]": `crosscloud {} {"name":"c"}`,
			},
		},
		"providers": {
			files: with(link("name = \"n\"\nprovider = crosscloud.other"), "main.tf",
				"provider \"crosscloud\" { owner = \"one\" }\nprovider \"crosscloud\" {\n alias = \"other\"\n owner = var.o\n}\nvariable \"o\" { default = \"two\" }\nresource \"crosscloud_interconnect\" \"b\" {}"),
			want: map[string]string{a: `crosscloud.other {"owner":"two"} {"name":"n"}`, "crosscloud_interconnect.b": `crosscloud {"owner":"one"} {}`},
		},
		"modules": {
			files: map[string]string{
				"main.tf": "provider \"crosscloud\" {\n alias = \"x\"\n owner = \"o\"\n}\n" +
					"module \"m\" {\n source = \"./m\"\n for_each = { k = \"v\" }\n n = each.value\n providers = { crosscloud = crosscloud.x }\n}\n" +
					"resource \"crosscloud_interconnect\" \"b\" { name = module.m[\"k\"].id }\nmodule \"away\" { source = \"acme/net/any\" }\nmodule \"here\" { source = \"acme/here/any\" }",
				"m/main.tf":                       "variable \"n\" { type = string }\nresource \"crosscloud_interconnect\" \"in\" { name = var.n }\noutput \"id\" { value = crosscloud_interconnect.in.id }",
				"fetched/x.tf":                    "resource \"crosscloud_interconnect\" \"in\" { name = \"fetched\" }",
				".terraform/modules/modules.json": `{"Modules":[{"Key":"","Dir":"."},{"Key":"here","Dir":"fetched"}]}`,
			},
			want: map[string]string{
				`module.m["k"].crosscloud_interconnect.in`: `crosscloud.x {"owner":"o"} {"name":"v"}`,
				"module.here.crosscloud_interconnect.in":   `crosscloud {} {"name":"fetched"}`,
				"crosscloud_interconnect.b":                `crosscloud {} {"name":"id of module.m[\"k\"].crosscloud_interconnect.in"}`,
			},
			notes: []string{"module.away: the module is not checked: its files are not here: run terraform init"},
		},
		"what every resource may have": {files: link("name = one([\"n\"])\nlifecycle {\n prevent_destroy = true\n}\ndepends_on = [x.y]"), want: plain(`{"name":"n"}`)},
		"secrets stay":                 {files: link("secret_wo = ephemeral.x.y.key"), want: plain(`{"secret_wo":"?"}`)},
	} {
		t.Run(name, func(t *testing.T) {
			tt.o.Path = put(t, tt.files)
			got, err := read(t, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.told); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tt.notes, got.notes); diff != "" {
				t.Errorf("notes: -want +got:\n%s", diff)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		o     Options
		says  string
	}{
		"block":             {files: link("aws {}"), says: "main.tf:2"},
		"unknown argument":  {files: link("nme = 1"), says: `An argument named "nme" is not expected here`},
		"wrong type":        {files: link("routes = 7"), says: "main.tf:2: routes: "},
		"variable's type":   {files: map[string]string{"x.tf": "variable \"n\" {\n type = number\n default = \"x\"\n}"}, says: "var.n: "},
		"variable's file":   {files: link(""), o: Options{VarFiles: []string{"none.tfvars"}}, says: "none.tfvars"},
		"variable's option": {files: link(""), o: Options{Vars: []string{"n"}}, says: "NAME=VALUE"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.o.Path = put(t, tt.files)
			if _, err := read(t, tt.o); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %q", err, tt.says)
			}
		})
	}
	t.Run("planner", func(t *testing.T) {
		refusal := errors.New("no")
		dir := put(t, with(link(""), "m/x.tf", "resource \"crosscloud_interconnect\" \"b\" {}"))
		_, err := Read(t.Context(), Options{Path: dir}, schema(), func(context.Context, Instance) (cty.Value, error) { return cty.DynamicVal, refusal })
		if !errors.Is(err, refusal) {
			t.Errorf("got %v", err)
		}
	})
}

// TestReadPlan reads a plan that Terraform has written.
func TestReadPlan(t *testing.T) {
	got, err := read(t, Options{Path: "testdata/plan.json"})
	if err != nil {
		t.Fatal(err)
	}
	const provider = `crosscloud {"aws":{"default_tags":{"team":"net"}},"owner":"acme"} `
	want := map[string]string{
		"crosscloud_interconnect.ai":                            provider + `{"aws":{"region":"us-east-1","tags":"?"},"bandwidth":"1Gbps","name":"ai"}`,
		`module.more.crosscloud_interconnect.each["us-west-2"]`: provider + `{"aws":{"region":"us-west-2"},"bandwidth":"500Mbps","name":"other"}`,
	}
	if diff := cmp.Diff(want, got.told); diff != "" || len(got.notes) > 0 {
		t.Errorf("notes %q; -want +got:\n%s", got.notes, diff)
	}
}

// TestReadPlanOfChanges reads a plan of resources that exist.
func TestReadPlanOfChanges(t *testing.T) {
	const plan = `{"format_version": "1.2", "terraform_version": "1.14.0", "variables": {"o": {"value": "x"}},
	"configuration": {"provider_config": {"crosscloud": {"name": "crosscloud", "expressions": {"owner": {"references": ["var.o"]}, "aws": {"references": ["var.o", "var.p"]}}}},
		"root_module": {"resources": [{"address": "crosscloud_interconnect.new", "mode": "managed", "type": "crosscloud_interconnect", "name": "new",
			"provider_config_key": "crosscloud", "expressions": {"secret_wo": {"references": ["ephemeral.x.y"]}, "bandwidth": {"references": ["data.x.y"]}}}]}},
	"resource_changes": [
		{"address": "crosscloud_interconnect.new", "mode": "managed", "type": "crosscloud_interconnect", "name": "new",
			"change": {"actions": ["create"], "before": null, "after": {"name": "n", "secret_wo": null}, "after_unknown": {"id": true, "bandwidth": true, "aws": true}}},
		{"address": "crosscloud_interconnect.changed", "mode": "managed", "type": "crosscloud_interconnect", "name": "changed",
			"change": {"actions": ["update"], "before": {"id": "i", "name": "n", "bandwidth": "1Gbps"}, "after": {"id": "i", "name": "n", "bandwidth": "2Gbps"}, "after_unknown": {}}},
		{"address": "crosscloud_interconnect.anew", "mode": "managed", "type": "crosscloud_interconnect", "name": "anew",
			"change": {"actions": ["delete", "create"], "before": {"id": "i", "name": "o"}, "after": {"name": "n"}, "after_unknown": {"id": true, "bandwidth": true, "routes": [true]}}},
		{"address": "crosscloud_interconnect.same", "mode": "managed", "type": "crosscloud_interconnect", "name": "same",
			"change": {"actions": ["no-op"], "before": {"name": "n"}, "after": {"name": "n"}, "after_unknown": {}}},
		{"address": "crosscloud_interconnect.gone", "mode": "managed", "type": "crosscloud_interconnect", "name": "gone",
			"change": {"actions": ["delete"], "before": {"name": "n"}, "after": null, "after_unknown": {}}},
		{"address": "other_thing.x", "mode": "managed", "type": "other_thing", "name": "x", "change": {"actions": ["create"], "before": null, "after": {}, "after_unknown": {}}}
	]}`
	got, err := read(t, Options{Path: filepath.Join(put(t, map[string]string{"plan.json": plan}), "plan.json")})
	if err != nil {
		t.Fatal(err)
	}
	const provider = `crosscloud {"owner":"x"} `
	want := map[string]string{
		"crosscloud_interconnect.new":     provider + `{"aws":"?","bandwidth":"?","name":"n","secret_wo":"?"}`,
		"crosscloud_interconnect.changed": provider + `{"bandwidth":"2Gbps","name":"n"} was {"bandwidth":"1Gbps","id":"i","name":"n"}`,
		"crosscloud_interconnect.anew":    provider + `{"name":"n","routes":"?"}`,
	}
	if diff := cmp.Diff(want, got.told); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, says := range []string{"provider crosscloud: aws is not in the plan's JSON", "crosscloud_interconnect.same: nothing of it", "crosscloud_interconnect.gone: nothing of it"} {
		if !slices.ContainsFunc(got.notes, func(n string) bool { return strings.HasPrefix(n, says) }) {
			t.Errorf("no note says %q: %q", says, got.notes)
		}
	}
}

func TestReadNotAPlan(t *testing.T) {
	for _, text := range []string{"", "{}", "resource {}", `{"format_version":"9.0"}`} {
		_, err := read(t, Options{Path: filepath.Join(put(t, map[string]string{"plan": text}), "plan")})
		if err == nil || !strings.Contains(err.Error(), "terraform show -json") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
