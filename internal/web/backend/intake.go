package backend

import (
	"context"
	"io"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/survey"
)

// MaxUpload is the largest list that is taken by page, in bytes. Longer ones
// come in by the command line.
const MaxUpload = 16 << 20

// WorkbookType is the media type of a .xlsx.
const WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Intake takes lists that are handed in by page: each is looked at in the
// background, shown, and brought in when a person agrees. Methods return
// Forbidden to who may not do scene.ListImport, NotFound for an unknown upload
// and Precondition where its state does not allow what is asked. It is safe for
// concurrent use.
type Intake interface {
	// Receive keeps a list and has it looked at. A file that is none of those
	// that can be read is Invalid, a larger one than MaxUpload TooLarge.
	Receive(ctx context.Context, by scene.Actor, u scene.Upload, content []byte) (scene.Upload, error)
	// Uploads lists what was handed in, the newest first, at most 50.
	Uploads(ctx context.Context, by scene.Actor) ([]scene.Upload, error)
	// Upload returns one with what was found in it.
	Upload(ctx context.Context, by scene.Actor, id scene.ID) (Received, error)
	// Decide keeps what a person says of columns, head to field, and of the side
	// of sheets that do not say, and has the list looked at again.
	Decide(ctx context.Context, by scene.Actor, id scene.ID, mapping map[string]string, kind scene.Kind) error
	// Accept brings the list in; its decisions are remembered for its source.
	Accept(ctx context.Context, by scene.Actor, id scene.ID) error
	// Discard removes what was handed in. What was brought in stays.
	Discard(ctx context.Context, by scene.Actor, id scene.ID) error
	// Marked writes the file with its bad cells marked and returns its name.
	Marked(ctx context.Context, by scene.Actor, id scene.ID, lang locale.Lang, w io.Writer) (string, error)
	// Fields lists what a column of that kind can mean.
	Fields(kind scene.Kind) []FieldHead
	// Jobs lists the newest imports, at most 100, also those of the command line.
	Jobs(ctx context.Context, by scene.Actor) ([]scene.Import, error)
	// Undo takes an import back.
	Undo(ctx context.Context, by scene.Actor, job scene.ID) (registry.UndoReport, error)
}

// Received is an upload with what was found in it.
type Received struct {
	scene.Upload
	// Look is nil until it was looked at.
	Look *Look
	// Done and Total count rows while the program is at it; 0 is not known.
	Done, Total int
}

// Look is what a list would do or, once it was brought in, did.
type Look struct {
	Import registry.Report `json:"import"`
	Sheets []LookSheet     `json:"sheets"`
	Survey survey.Report   `json:"survey"`
}

// LookSheet is a sheet and how it was understood.
type LookSheet struct {
	Name    string       `json:"name"`
	Kind    scene.Kind   `json:"kind,omitempty"`
	Row     int          `json:"row,omitempty"` // of the heads, 1-based; 0 if the sheet was skipped
	Rows    int          `json:"rows"`
	Columns []LookColumn `json:"columns,omitempty"`
}

// LookColumn is a column and what it was taken for.
type LookColumn struct {
	Head  string `json:"head"`
	Field string `json:"field,omitempty"` // "" if no field takes it
	// Unsure says that a person should look at it.
	Unsure bool `json:"unsure,omitempty"`
}

// FieldHead is a field and the head that our own layout prints for it.
type FieldHead struct{ Field, Head string }
