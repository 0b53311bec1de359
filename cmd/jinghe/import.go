package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"jinghe/internal/app"
	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/survey"
	"jinghe/internal/transfer"
)

// importCmd brings lists into a data directory, lists the jobs and undoes one.
type importCmd struct {
	cityFlags `embed:""`
	Files     []string    `arg:"" optional:"" name:"file" help:"cli.flag.import_files"`
	DryRun    bool        `help:"cli.flag.dry_run"`
	State     scene.State `enum:"submitted,published" default:"published" help:"cli.flag.state"`
	Batch     string      `help:"cli.flag.batch"`
	Source    string      `help:"cli.flag.source"`
	// Map says what a column is: 项目名=name. With a source it is remembered.
	Map      map[string]string `placeholder:"HEAD=FIELD" help:"cli.flag.import_map"`
	Rejected string            `placeholder:"FILE" help:"cli.flag.import_rejected"`
	List     bool              `help:"cli.flag.import_list"`
	Undo     scene.ID          `placeholder:"JOB" help:"cli.flag.import_undo"`
	JSON     bool              `name:"json" help:"cli.flag.json"`
}

// Help shows examples.
func (importCmd) Help() string {
	return example("jinghe import --data ./city --dry-run needs.xlsx offers.xlsx",
		"jinghe import --data ./city --batch 第3批 --source 经开区 needs.xlsx",
		"jinghe import --data ./city --source 经开区 --map 项目名=name --map 备注=ignore --rejected fix.xlsx needs.xlsx",
		"jinghe import --data ./city --list",
		"jinghe import --data ./city --undo 01J…")
}

// Run imports each file; a file that cannot be read does not stop the others.
func (cmd *importCmd) Run(ctx context.Context, con *console) error {
	if len(cmd.Files) == 0 && !cmd.List && cmd.Undo == "" {
		return &scene.Error{Code: scene.Invalid, Key: "cli.import_nothing"}
	}
	if _, err := transfer.ParseMapping(cmd.Map); err != nil {
		return err
	}
	op, done, err := cmd.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	switch {
	case cmd.List:
		return cmd.list(ctx, con, op)
	case cmd.Undo != "":
		return cmd.undo(ctx, con, op)
	}
	return cmd.files(ctx, con, op)
}

// open reaches the directory. Only an import in earnest makes one; a dry run of
// the first list works on a directory that is gone afterwards.
func (cmd *importCmd) open(ctx context.Context, con *console) (op app.Operator, done func(), err error) {
	cfg := cmd.config()
	clean := func() {}
	switch {
	case app.CheckPlace(&cfg) == nil:
	case cmd.List || cmd.Undo != "":
		op, err = con.operator(ctx, cmd.config())
		return op, clean, err
	case cmd.DryRun:
		if cfg.Data, err = os.MkdirTemp("", "jinghe-dry-"); err != nil {
			return nil, nil, scene.Wrap("import", err)
		}
		clean = func() { _ = os.RemoveAll(cfg.Data) }
	default:
		fmt.Fprintln(con.err, con.text("cli.import_new_city", map[string]any{"dir": cmd.Data}))
	}
	if op, err = con.founder(ctx, cfg); err != nil {
		clean()
		return nil, nil, err
	}
	return op, func() { con.close(op); clean() }, nil
}

// files imports each file; one that fails does not stop the others.
func (cmd *importCmd) files(ctx context.Context, con *console, op app.Operator) error {
	reports := make([]importReport, 0, len(cmd.Files))
	var failed, rejected, written int
	for _, path := range cmd.Files {
		report, err := cmd.file(ctx, con, op, path)
		if err != nil {
			failed++
			con.fail(err)
		}
		if report.Job.ID != "" {
			reports = append(reports, report)
		}
		rejected += report.Job.Count.Rejected
		written += report.Job.Count.Created + report.Job.Count.Changed
	}
	if cmd.JSON {
		if err := json.NewEncoder(con.out).Encode(reports); err != nil {
			return scene.Wrap("import", err)
		}
	}
	switch {
	case failed == len(cmd.Files) && written == 0:
		return finished(exitNothing)
	case failed+rejected > 0:
		return finished(exitRejected)
	}
	return nil
}

// importReport is what an import did and, after a dry run, what a person should
// put right.
type importReport struct {
	registry.Report
	Survey *survey.Report `json:"survey,omitempty"`
}

func (cmd *importCmd) file(ctx context.Context, con *console, op app.Operator, path string) (importReport, error) {
	tell, end := con.progress(filepath.Base(path))
	done, err := op.Import(ctx, app.ImportRequest{
		Path: path, Name: filepath.Base(path), Source: cmd.Source, Batch: cmd.Batch,
		State: cmd.State, DryRun: cmd.DryRun, Actor: "cli", Mapping: cmd.Map,
	}, tell)
	end()
	report := importReport{Report: done}
	for _, p := range report.Problems {
		fmt.Fprintln(con.err, locale.Problem(con.lang, p))
	}
	if err != nil {
		return report, err
	}
	for _, m := range report.Missing {
		fmt.Fprintln(con.err, con.text("cli.import_missing", map[string]any{"file": filepath.Base(path), "name": m.Name, "org": m.Org}))
	}
	if !cmd.JSON {
		cmd.summary(con, path, &report.Report)
	}
	if err := cmd.marked(ctx, con, op, path, &report.Report); err != nil || !cmd.DryRun {
		return report, err
	}
	found, err := op.Survey(ctx, app.SurveyRequest{
		Path: path, Name: filepath.Base(path), Source: cmd.Source, Mapping: cmd.Map, Lang: con.lang,
	}, nil)
	if err != nil {
		return report, err
	}
	report.Survey = &found
	if !cmd.JSON {
		printSurvey(con, &found, surveyShown)
	}
	return report, nil
}

func (cmd *importCmd) summary(con *console, path string, report *registry.Report) {
	key := "cli.import_done"
	if cmd.DryRun {
		key = "cli.import_dry"
		for _, row := range report.Rows {
			if row.Action != registry.Unchanged {
				fmt.Fprintf(con.out, "%s  %s  %s  %s\n", con.text("action."+string(row.Action), nil), row.Label, row.Name, row.Org)
			}
		}
	}
	n := report.Job.Count
	fmt.Fprintln(con.out, con.text(key, map[string]any{
		"file": filepath.Base(path), "job": report.Job.ID, "read": n.Read, "created": n.Created,
		"changed": n.Changed, "unchanged": n.Unchanged, "merged": n.Merged, "rejected": n.Rejected,
	}))
}

func (cmd *importCmd) list(ctx context.Context, con *console, op app.Operator) error {
	jobs, err := op.Imports(ctx)
	if err != nil {
		return err
	}
	if cmd.JSON {
		return json.NewEncoder(con.out).Encode(jobs)
	}
	if len(jobs) == 0 {
		fmt.Fprintln(con.err, con.text("cli.import_no_jobs", nil))
	}
	for _, j := range jobs {
		fmt.Fprintln(con.out, con.text("cli.import_job", map[string]any{
			"job": j.ID, "file": j.File, "began": j.Began.In(scene.China()).Format("2006-01-02 15:04"),
			"status": con.text("job."+j.Status, nil), "created": j.Count.Created, "changed": j.Count.Changed,
			"unchanged": j.Count.Unchanged, "rejected": j.Count.Rejected, "batch": j.Batch,
		}))
	}
	return nil
}

func (cmd *importCmd) undo(ctx context.Context, con *console, op app.Operator) error {
	report, err := op.UndoImport(ctx, cmd.Undo)
	if err != nil {
		return err
	}
	fmt.Fprintln(con.out, con.text("cli.import_undone", map[string]any{
		"job": cmd.Undo, "removed": report.Removed, "restored": report.Restored, "kept": len(report.Kept),
	}))
	if report.Removed+report.Restored == 0 {
		return finished(exitNothing)
	}
	return nil
}
