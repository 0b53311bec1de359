package backend

import (
	"context"

	"jinghe/internal/locale"
	"jinghe/internal/match"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
)

// MaxDraftFile is the largest workbook from which a form is filled, in bytes,
// and MaxDraftRows how many of its rows are offered.
const (
	MaxDraftFile = 4 << 20
	MaxDraftRows = 40
)

// Drafting helps those who write an entry. It is safe for concurrent use.
type Drafting interface {
	// Clarity says how well an entry can be answered as it stands, and what to
	// write, in sentences of that language. Nothing is stored.
	Clarity(ctx context.Context, e *registry.Entry, lang locale.Lang) (match.Clarity, error)
	// Clarities is Clarity for many entries, in their order.
	Clarities(ctx context.Context, list []registry.Entry, lang locale.Lang) ([]match.Clarity, error)
	// Alike lists the open entries of the same side that say nearly the same as
	// one, whatever its state, most similar first; contacts are hidden.
	Alike(ctx context.Context, e *registry.Entry, lang locale.Lang) ([]match.Similar, error)
	// Fields suggests fields of use for an entry by its text, those it has left
	// out, best first; none where nothing is suggested with confidence.
	Fields(ctx context.Context, e *registry.Entry) ([]match.Suggestion, error)
	// Rows reads the entries of a kind from a list, at most MaxDraftRows. A file
	// that cannot be read, or that holds none of the kind, is Invalid, a longer
	// one than MaxDraftFile TooLarge, and more at once than memory is meant for TooMany.
	Rows(ctx context.Context, kind scene.Kind, file string, content []byte) ([]registry.Entry, error)
}
