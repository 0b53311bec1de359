package main

import (
	"context"
	"encoding/json"
	"fmt"

	"jinghe/internal/app"
	"jinghe/internal/scene"
)

// doctorCmd checks a data directory, the server that runs on it and the configuration.
type doctorCmd struct {
	app.Config `embed:""`
	JSON       bool `name:"json" help:"cli.flag.json"`
	// Lists looks over the lists instead: what is vague, twice, or in no field of use.
	Lists bool   `help:"cli.flag.doctor_lists"`
	Out   string `short:"o" placeholder:"FILE" help:"cli.flag.doctor_out"`
	// Probe asks a running service over HTTP; a container has no other tool for it.
	Probe string `placeholder:"URL" help:"cli.flag.probe"`
}

// Help shows examples.
func (doctorCmd) Help() string {
	return example("jinghe doctor --data ./city", "jinghe doctor --data ./city --lists --out tidy.xlsx", "jinghe doctor --probe http://127.0.0.1:8080/readyz")
}

// Run prints the configuration and the findings; a fault gives exit code 1.
func (cmd *doctorCmd) Run(ctx context.Context, con *console) error {
	if cmd.Probe != "" {
		return app.Probe(ctx, cmd.Probe)
	}
	if cmd.Lists {
		return cmd.lists(ctx, con)
	}
	findings, err := cmd.diagnose(ctx, con)
	if err != nil {
		return err
	}
	if cmd.JSON {
		err := json.NewEncoder(con.out).Encode(struct {
			Settings []app.Setting `json:"settings"`
			Findings []app.Finding `json:"findings"`
		}{cmd.Settings(), findings})
		if err != nil {
			return scene.Wrap("doctor", err)
		}
	} else {
		cmd.print(con, findings)
	}
	for _, f := range findings {
		if f.Status == app.Fault {
			return finished(exitNothing)
		}
	}
	return nil
}

func (cmd *doctorCmd) diagnose(ctx context.Context, con *console) ([]app.Finding, error) {
	findings := app.CheckConfig(&cmd.Config)
	if cmd.Data == "" || findings[0].Status == app.Fault {
		return findings, nil
	}
	op, err := con.operator(ctx, cmd.Config)
	if err != nil && cmd.Store != "" {
		return append(findings, app.FindingOf("store", err)), nil
	}
	if err != nil {
		return append(findings, app.FindingOf("directory", err)), nil
	}
	defer con.close(op)
	more, err := op.Diagnose(ctx)
	return append(findings, more...), err
}

func (cmd *doctorCmd) print(con *console, findings []app.Finding) {
	fmt.Fprintln(con.out, con.text("doctor.settings", nil))
	for _, s := range cmd.Settings() {
		fmt.Fprintf(con.out, "  %s=%s\n", s.Name, s.Value)
	}
	fmt.Fprintln(con.out, con.text("doctor.findings", nil))
	for _, f := range findings {
		fmt.Fprintf(con.out, "  [%s] %s", con.text("doctor.status_"+string(f.Status), nil), con.text("doctor."+f.Check, nil))
		if f.Key != "" {
			fmt.Fprint(con.out, con.text("colon", nil), con.text(f.Key, f.Args))
		}
		fmt.Fprintln(con.out)
	}
}
