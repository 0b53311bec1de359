package store

import (
	"context"
	"time"

	"jinghe/internal/scene"
)

// Fairs is the tables of matchmaking events.
type Fairs interface {
	// Get returns the fair or a NotFound error.
	Get(ctx context.Context, id scene.ID) (scene.Fair, error)
	// ByWall returns the fair whose wall display has that code, or NotFound.
	ByWall(ctx context.Context, code string) (scene.Fair, error)
	// Put inserts a fair with Revision 0, or replaces the one whose stored
	// Revision equals f.Revision, and returns it with the new Revision. A stale
	// revision, or the Wall of another fair, is a Conflict.
	Put(ctx context.Context, f scene.Fair) (scene.Fair, error)
	// List pages through the fairs in order of ID.
	List(ctx context.Context, p Page) (Rows[scene.Fair], error)

	// Party returns the party or a NotFound error.
	Party(ctx context.Context, id scene.ID) (scene.FairParty, error)
	// PutParty inserts or replaces as Put does, with the codes of its delegates.
	// A code that another party has is a Conflict, a fair that is not there a Precondition.
	PutParty(ctx context.Context, p scene.FairParty) (scene.FairParty, error)
	// Parties returns all parties of a fair in order of ID.
	Parties(ctx context.Context, fair scene.ID) ([]scene.FairParty, error)
	// PartiesOf returns the parties that an organisation is or was in, in order of ID.
	PartiesOf(ctx context.Context, org scene.ID) ([]scene.FairParty, error)
	// PartyByCode returns the party one of whose delegates has that code, or NotFound.
	PartyByCode(ctx context.Context, code string) (scene.FairParty, error)

	// PutPlan inserts a version with Revision 0, or replaces the one whose stored
	// Revision equals p.Revision. A stale revision, or a number that is taken, is a Conflict.
	PutPlan(ctx context.Context, p scene.FairPlan) (scene.FairPlan, error)
	// Plan returns a version, 0 being the draft, or a NotFound error.
	Plan(ctx context.Context, fair scene.ID, number int) (scene.FairPlan, error)
	// LatestPlan returns the published version in force, or a NotFound error.
	LatestPlan(ctx context.Context, fair scene.ID) (scene.FairPlan, error)
	// Published returns those of the fairs of which a version was published, each once,
	// in no promised order.
	Published(ctx context.Context, fairs []scene.ID) ([]scene.ID, error)
	// DeletePlan removes a draft, if there is one. Published versions stay.
	DeletePlan(ctx context.Context, fair scene.ID) error

	// AddEntry appends to the log of the day and reports whether it did: an entry
	// whose Key the fair has already is left as it was. One without ID is Invalid.
	AddEntry(ctx context.Context, e scene.FairEntry) (bool, error)
	// Pulse tells how much of a fair there is, zeros where it is not there. As long
	// as it is the same, so are the parties, the version in force and the log.
	Pulse(ctx context.Context, fair scene.ID) (FairPulse, error)
	// Entries returns the log of a fair after the entry of that ID, or with "" all
	// of it, in order of ID.
	Entries(ctx context.Context, fair, after scene.ID) ([]scene.FairEntry, error)

	// PutCase inserts or replaces what became of a meeting. A fair that is not there
	// is a Precondition error, a case without fair or meeting Invalid.
	PutCase(ctx context.Context, c scene.FairCase) error
	// Case returns what became of a meeting, or a NotFound error.
	Case(ctx context.Context, fair scene.ID, meeting string) (scene.FairCase, error)
	// Cases returns what became of the meetings of a fair, in order of the meeting.
	Cases(ctx context.Context, fair scene.ID) ([]scene.FairCase, error)
	// CasesDue returns at most limit cases that are due at an instant, the longest due first.
	CasesDue(ctx context.Context, at time.Time, limit int) ([]scene.FairCase, error)

	// PutLetter inserts or replaces the letter to a delegate. A party that is not
	// there is a Precondition error, a letter without party or delegate Invalid.
	PutLetter(ctx context.Context, l scene.FairLetter) error
	// Letter returns the letter to a delegate, or a NotFound error.
	Letter(ctx context.Context, party, delegate scene.ID) (scene.FairLetter, error)
	// Letters returns the letters to the delegates of a fair, in order of party and delegate.
	Letters(ctx context.Context, fair scene.ID) ([]scene.FairLetter, error)
	// LettersDue returns at most limit letters that are due at an instant, the longest due first.
	LettersDue(ctx context.Context, at time.Time, limit int) ([]scene.FairLetter, error)
}

// FairPulse is how much of a fair there is. None of it ever falls: parties are
// withdrawn, not removed, and the log only grows.
type FairPulse struct {
	Parties   int
	Revisions int // of all parties together
	Version   int // of the plan in force, 0 for none
	Written   int // revision of that version
	Entries   int
}
