package app

import (
	"context"
	"io"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/survey"
	"jinghe/internal/transfer"
	"jinghe/internal/web/api"
)

// Operator is what the command line asks of a data directory. A Client asks
// the server that runs on it; an App that was opened, not started, does the
// work itself. Both answer alike.
type Operator interface {
	// Import brings one file in. The report is also filled when the error is not nil.
	Import(ctx context.Context, r ImportRequest, progress func(done, total int)) (registry.Report, error)
	// Survey says what a person should put right, in the city or in a file.
	Survey(ctx context.Context, r SurveyRequest, progress func(done, total int)) (survey.Report, error)
	// Mapping returns what is remembered of the columns of a source, head to field.
	Mapping(ctx context.Context, source string) (map[string]string, error)
	// Imports lists the newest import jobs, at most 100.
	Imports(ctx context.Context) ([]scene.Import, error)
	// UndoImport takes back what a job did.
	UndoImport(ctx context.Context, job scene.ID) (registry.UndoReport, error)
	// Export writes a list and says how many rows it has and what the layout could not hold.
	Export(ctx context.Context, r ExportRequest, w io.Writer) (transfer.Written, error)
	// GiveExchange writes what other cities may take in; see api.Exchanger.
	GiveExchange(ctx context.Context, r ExchangeRequest, w io.Writer) (api.Given, error)
	// TakeExchange takes in the file of another city.
	TakeExchange(ctx context.Context, r ExchangeRequest) (ExchangeTaken, error)
	// Reindex builds the search indexes anew.
	Reindex(ctx context.Context, progress func(done, total int)) error
	// Rematch makes the lists of matches anew; ending ctx stops it between two steps.
	Rematch(ctx context.Context, progress func(done, total int)) error
	// Vocabulary returns dictionaries, crosswalks and added words as they are in force.
	Vocabulary(ctx context.Context) (Vocabulary, error)
	// EditVocabulary changes parts of it; a running server follows without a restart.
	EditVocabulary(ctx context.Context, v Vocabulary) error
	// Backup writes every row to w, from one snapshot; see App.Backup. A Client
	// tells no progress.
	Backup(ctx context.Context, w io.Writer, progress func(done, total int)) error
	// Diagnose checks the directory and what runs on it.
	Diagnose(ctx context.Context) ([]Finding, error)
	// User makes, lists or changes accounts.
	User(ctx context.Context, r UserRequest) (UserReport, error)
	Learner
	// Close lets go of the directory or the connection.
	Close(ctx context.Context) error
}

// ImportRequest names a file and says how it comes in.
type ImportRequest struct {
	Path   string      `json:"-"`
	Name   string      `json:"name"` // base name
	Source string      `json:"source,omitempty"`
	Batch  string      `json:"batch,omitempty"`
	State  scene.State `json:"state"`
	DryRun bool        `json:"dry_run,omitempty"`
	Actor  string      `json:"actor,omitempty"`
	// Mapping holds decisions for columns, head to field (transfer.ParseMapping);
	// an import in earnest remembers them for its source.
	Mapping map[string]string `json:"mapping,omitempty"`
}

// ExportRequest says what to write.
type ExportRequest struct {
	Kind   scene.Kind `json:"kind"`
	Layout string     `json:"layout"`
	Format string     `json:"format"` // "xlsx" or "csv"
	Batch  string     `json:"batch,omitempty"`
	Source string     `json:"source,omitempty"`
}

// Finding is one line of a diagnosis.
type Finding struct {
	Check  string         `json:"check"` // what was looked at: message key doctor.<check>
	Status Status         `json:"status"`
	Key    string         `json:"key,omitempty"` // what was found and, unless it is fine, the remedy
	Args   map[string]any `json:"args,omitempty"`
}

// Status says how bad a finding is.
type Status string

// The statuses.
const (
	Fine    Status = "ok"
	Warning Status = "warning"
	Fault   Status = "fault"
)
