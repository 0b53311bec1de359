package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"jinghe/internal/app"
	"jinghe/internal/broker"
	"jinghe/internal/evaluate"
	"jinghe/internal/scene"
	"jinghe/search"
	"jinghe/search/embedded"
)

// benchCmd measures the program on data graded by people.
type benchCmd struct {
	Retrieval benchRetrievalCmd `cmd:"" help:"cli.bench_retrieval"`
	Grade     benchGradeCmd     `cmd:"" help:"cli.bench_grade"`
	Agenda    benchAgendaCmd    `cmd:"" help:"cli.bench_agenda"`
	Load      benchLoadCmd      `cmd:"" help:"cli.bench_load"`
}

// Help shows an example.
func (benchCmd) Help() string { return example("jinghe bench retrieval --dir DIR --run out.run") }

// benchRetrievalCmd ranks a graded collection and measures the ranking.
type benchRetrievalCmd struct {
	Dir            string `required:"" placeholder:"DIR" help:"cli.flag.bench_dir"`
	RunFile        string `name:"run" placeholder:"FILE" help:"cli.flag.bench_run"`
	Engine         string `enum:"embedded,meili" default:"embedded" help:"cli.flag.bench_engine"`
	Search         string `env:"JINGHE_MEILISEARCH_URL" placeholder:"URL" help:"cli.flag.search"`
	SearchKey      string `env:"JINGHE_MEILISEARCH_KEY" placeholder:"TEXT" help:"cli.flag.search_key"`
	Depth          int    `default:"1000" help:"cli.flag.bench_depth"`
	Minrel         int    `default:"1" help:"cli.flag.bench_minrel"`
	Judged         bool   `help:"cli.flag.bench_judged"`
	CollapseTitles bool   `help:"cli.flag.bench_collapse"`
	DropIdentical  bool   `help:"cli.flag.bench_drop"`
	Train          bool   `help:"cli.flag.bench_train"`
	JSON           bool   `name:"json" help:"cli.flag.json"`
}

// Help shows examples.
func (benchRetrievalCmd) Help() string {
	return example("jinghe bench retrieval --dir graded/tech-needs --run out.run",
		"jinghe bench retrieval --dir graded/tech-needs --judged --minrel 2 --json")
}

// Run measures and prints each figure with its 95 % interval.
func (cmd *benchRetrievalCmd) Run(ctx context.Context, con *console) error {
	collection, err := readCollection(cmd.Dir)
	if err != nil {
		return err
	}
	kit, err := app.NewKit()
	if err != nil {
		return err
	}
	index, done, err := cmd.engine(ctx, kit)
	if err != nil {
		return err
	}
	report, err := cmd.measure(ctx, con, kit, collection, index)
	if err := errors.Join(err, done()); err != nil {
		return err
	}
	var trained *evaluate.TrainReport
	if cmd.Train {
		if trained, err = cmd.train(ctx, con, kit, collection); err != nil {
			return err
		}
	}
	if cmd.JSON {
		return json.NewEncoder(con.out).Encode(struct {
			evaluate.Report
			Trained *evaluate.TrainReport `json:"trained,omitempty"`
		}{report, trained})
	}
	if len(report.Measures) == 0 {
		fmt.Fprintln(con.err, con.text("cli.bench_unjudged", map[string]any{"dir": cmd.Dir}))
	}
	for _, m := range report.Measures {
		fmt.Fprintf(con.out, "%-18s %.4f  [%.4f, %.4f]\n", m.Name, m.Mean, m.Low, m.High)
	}
	fmt.Fprintf(con.out, "%-18s %.4f\n%-18s %.4f\n", "coverage", report.Coverage, "gini", report.Gini)
	if report.Skipped > 0 {
		fmt.Fprintln(con.err, con.text("cli.bench_skipped", map[string]any{"count": report.Skipped}))
	}
	if trained != nil {
		fmt.Fprintf(con.out, "%-18s %.4f  (%.4f %+.4f [%+.4f, %+.4f])\n", "trained pairs", trained.Trained,
			trained.LabelFree, trained.Gain.Mean, trained.Gain.Low, trained.Gain.High)
	}
	return nil
}

// engine opens what retrieves the candidates. On a server the indexes have names
// of their own, and done deletes them.
func (cmd *benchRetrievalCmd) engine(ctx context.Context, kit *app.Kit) (index search.Engine, done func() error, err error) {
	if cmd.Engine != "meili" {
		index = embedded.New(kit.Lexicon)
		return index, index.Close, nil
	}
	const patience = time.Minute // nobody waits for a page
	cfg := app.Config{
		Search: cmd.Search, SearchKey: cmd.SearchKey, SearchPrefix: "jinghe_bench_" + strings.ToLower(rand.Text()) + "_", SearchWithin: patience,
	}
	if cfg.Search == "" {
		return nil, nil, &scene.Error{Code: scene.Invalid, Key: "cli.bench_no_server", Args: map[string]any{"setting": "JINGHE_MEILISEARCH_URL"}}
	}
	index = app.SearchEngine(&cfg, kit.Lexicon, time.Now, nil)
	if _, err := app.CheckSearch(ctx, &cfg, index); err != nil {
		return nil, nil, err
	}
	server, ok := index.(interface {
		Drop(ctx context.Context) error
	})
	if !ok {
		return index, index.Close, nil
	}
	return index, func() error { return errors.Join(server.Drop(context.WithoutCancel(ctx)), index.Close()) }, nil
}

// train measures a ranking learned in folds grouped by the query's title.
func (cmd *benchRetrievalCmd) train(ctx context.Context, con *console, kit *app.Kit, c *evaluate.Collection) (*evaluate.TrainReport, error) {
	tell, end := con.progress(cmd.Dir)
	defer end()
	report, err := evaluate.TrainRanking(ctx, evaluate.GradeOptions{Collection: c, Describer: broker.NewTrial(kit.Engine, nil)}, tell)
	if errors.Is(err, evaluate.ErrFewGrades) {
		err = unusable(cmd.Dir, err)
	}
	return &report, err
}

func (cmd *benchRetrievalCmd) measure(ctx context.Context, con *console, kit *app.Kit,
	collection *evaluate.Collection, index search.Engine,
) (report evaluate.Report, err error) {
	options := evaluate.RetrievalOptions{
		Collection: collection, Ranker: broker.NewTrial(kit.Engine, index),
		Depth: cmd.Depth, MinRel: cmd.Minrel, Judged: cmd.Judged,
		CollapseTitles: cmd.CollapseTitles, DropIdentical: cmd.DropIdentical,
	}
	tell, end := con.progress(cmd.Dir)
	defer end()
	if cmd.RunFile == "" {
		return evaluate.Retrieval(ctx, options, tell)
	}
	err = con.writeTo(cmd.RunFile, func(w io.Writer) (err error) {
		options.Run = w
		report, err = evaluate.Retrieval(ctx, options, tell)
		return err
	})
	return report, err
}

func readCollection(dir string) (*evaluate.Collection, error) {
	collection, err := evaluate.ReadCollection(dir)
	if err != nil {
		return nil, unusable(dir, err)
	}
	switch {
	case len(collection.Documents) == 0:
		return nil, unusable(dir, errors.New("corpus.jsonl has no document"))
	case len(collection.Topics) == 0:
		return nil, unusable(dir, errors.New("queries.jsonl has no query"))
	}
	return collection, nil
}

// unusable says why a folder cannot be measured with.
func unusable(dir string, err error) error {
	return &scene.Error{
		Code: scene.Invalid, Key: "cli.bench_collection", Args: map[string]any{"dir": dir, "reason": err.Error()}, Err: err,
	}
}

// benchGradeCmd predicts the grade of every judged pair by cross-validation.
type benchGradeCmd struct {
	Dir    string `required:"" placeholder:"DIR" help:"cli.flag.bench_dir"`
	Random bool   `help:"cli.flag.bench_random"`
	JSON   bool   `name:"json" help:"cli.flag.json"`
}

// Help shows an example.
func (benchGradeCmd) Help() string { return example("jinghe bench grade --dir graded/tech-needs") }

// Run predicts and prints 1/(1+MAE) with its 95 % interval.
func (cmd *benchGradeCmd) Run(ctx context.Context, con *console) error {
	collection, err := readCollection(cmd.Dir)
	if err != nil {
		return err
	}
	kit, err := app.NewKit()
	if err != nil {
		return err
	}
	tell, end := con.progress(cmd.Dir)
	report, err := evaluate.PredictGrades(ctx, evaluate.GradeOptions{
		Collection: collection, Describer: broker.NewTrial(kit.Engine, nil), Random: cmd.Random,
	}, tell)
	end()
	if errors.Is(err, evaluate.ErrFewGrades) {
		return unusable(cmd.Dir, err)
	}
	if err != nil {
		return err
	}
	if cmd.JSON {
		return json.NewEncoder(con.out).Encode(report)
	}
	fmt.Fprintf(con.out, "%-18s %.4f  [%.4f, %.4f]\n%-18s %.4f\n%-18s %.4f\n%-18s %d\n", "1/(1+MAE)", report.Score.Mean,
		report.Score.Low, report.Score.High, "MAE", report.MAE, "constant", report.Constant, "pairs", report.Pairs)
	return nil
}
