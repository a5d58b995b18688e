package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	tests := map[string]struct {
		args []string
		want result
	}{
		"nothing":            {nil, result{exitError, "", usage}},
		"help":               {[]string{"help"}, result{exitOK, usage, ""}},
		"-h":                 {[]string{"-h"}, result{exitOK, usage, ""}},
		"--help":             {[]string{"--help"}, result{exitOK, usage, ""}},
		"version":            {[]string{"version"}, result{exitOK, "dev\n", ""}},
		"--version":          {[]string{"--version"}, result{exitOK, "dev\n", ""}},
		"what is no command": {[]string{"link"}, result{exitError, "", "crosscloud: there is no command \"link\"\n"}},
		"empty":              {[]string{""}, result{exitError, "", "crosscloud: there is no command \"\"\n"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := command(t.Context(), tt.args...); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestHelpOfEachCommand(t *testing.T) {
	for name, flags := range map[string][]string{
		"links":       {"-output", "-aws-regions", "-project", "-timeout"},
		"preflight":   {"-config", "-var", "-var-file", "-output", "-timeout"},
		"sandbox":     {"-aws", "-google", "-provisioning", "-transport-quota", "-connection-quota", "-seed", "-control", "-speed", "-log"},
		"sandbox env": {"-aws", "-google"},
	} {
		t.Run(name, func(t *testing.T) {
			got := command(t.Context(), append(strings.Fields(name), "-h")...)
			if got.status != exitOK || got.out != "" || !strings.HasPrefix(got.diag, "Usage of crosscloud "+name+":\n") {
				t.Errorf("got %+v", got)
			}
			for _, f := range flags {
				if !strings.Contains(got.diag, "  "+f+" ") && !strings.Contains(got.diag, "  "+f+"\n") {
					t.Errorf("the help does not name %s:\n%s", f, got.diag)
				}
			}
			if !strings.Contains(usage, "crosscloud "+name+" ") {
				t.Errorf("the usage does not name it:\n%s", usage)
			}
		})
	}
}
