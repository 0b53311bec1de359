package scene

import (
	"io"
	"time"

	"github.com/oklog/ulid/v2"
)

// ID identifies a row across stores: a ULID, 26 characters, sortable by time of making.
type ID string

// IDMaker makes IDs from an injected clock and source of randomness. It is
// safe for concurrent use and its IDs rise within a millisecond.
type IDMaker struct {
	now     func() time.Time
	entropy *ulid.LockedMonotonicReader
}

// NewIDMaker returns an IDMaker; random is usually crypto/rand.Reader.
func NewIDMaker(now func() time.Time, random io.Reader) *IDMaker {
	return &IDMaker{now: now, entropy: &ulid.LockedMonotonicReader{MonotonicReader: ulid.Monotonic(random, 0)}}
}

// New returns the next ID. The error is that of the source of randomness.
func (m *IDMaker) New() (ID, error) {
	id, err := ulid.New(ulid.Timestamp(m.now()), m.entropy)
	if err != nil {
		return "", &Error{Code: Internal, Op: "scene.IDMaker.New", Err: err}
	}
	return ID(id.String()), nil
}
