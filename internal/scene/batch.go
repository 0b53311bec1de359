package scene

import "time"

// Batch is a list of entries that go out together (第N批). Its entries carry its
// name in Listing.Batch. Until Release none of them is public: whatever writes an
// entry of a batch sets its ValidFrom to that instant at least ([Batch.Hold]), and
// every reader compares that with the clock. So nothing has to happen at the
// instant itself, and nothing can be late.
type Batch struct {
	ID       ID     `json:"id"`
	Revision int    `json:"revision"` // starts at 1, rises with every write
	Name     string `json:"name"`     // “2026年第三批”: what its entries carry
	NameEn   string `json:"name_en,omitempty"`
	Intro    string `json:"intro,omitempty"` // for visitors
	IntroEn  string `json:"intro_en,omitempty"`
	// Release is the instant from which visitors see the batch and its entries.
	Release time.Time `json:"release"`
	Created time.Time `json:"created"`
	Updated time.Time `json:"updated"`
}

// Bounds of a batch, in code points.
const (
	maxBatchName  = 64
	maxBatchIntro = 2_000
)

// Validate checks b and returns an Invalid *Error with one field per fault, or nil.
func (b *Batch) Validate() error {
	var f faults
	f.require("name", b.Name)
	f.tooLong("name", b.Name, maxBatchName)
	f.tooLong("name_en", b.NameEn, maxBatchName)
	f.tooLong("intro", b.Intro, maxBatchIntro)
	f.tooLong("intro_en", b.IntroEn, maxBatchIntro)
	f.check(!b.Release.IsZero(), "release", "batch.release_missing")
	return f.err("batch.invalid")
}

// Released reports whether the batch is out at that instant.
func (b *Batch) Released(at time.Time) bool { return !at.Before(b.Release) }

// Hold keeps an entry of the batch back until its release, if that is still to
// come: an entry is never public earlier, and one that is to come later still
// stays so. It reports whether the entry was changed.
func (b *Batch) Hold(l *Listing, at time.Time) bool {
	if b.Released(at) || !l.ValidFrom.Before(b.Release) {
		return false
	}
	l.ValidFrom = b.Release
	return true
}
