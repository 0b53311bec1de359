package scene

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/oklog/ulid/v2"
)

// MatchList is what the market worked out for one listing ahead of being asked.
type MatchList struct {
	Kind  Kind
	ID    ID
	Print uint64 // fingerprint of the listing as it was matched
	// Version names everything its scores depend on besides the rows.
	Version string
	Made    time.Time
	Best    []MatchPair // best first
	Out     []MatchPair // the best of those that a known condition removes
	Whole   bool        // Best holds every counterpart there was
	// Taught are the offers whose words a need took over, with the scores they
	// counted by; none in the list of a capability.
	Taught []MatchPair
}

// MatchPair is a counterpart with its raw score.
type MatchPair struct {
	ID  ID
	Raw float64
}

// The first byte of the binary form.
const (
	matchListForm   = 1
	matchListTaught = 2 // Taught follows the pairs
)

// MarshalBinary writes the list compactly: an ID that is a ULID takes 17 bytes.
func (l *MatchList) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, 64+25*(len(l.Best)+len(l.Out)+len(l.Taught)))
	form, parts := byte(matchListForm), [][]MatchPair{l.Best, l.Out}
	if len(l.Taught) > 0 {
		form, parts = matchListTaught, append(parts, l.Taught)
	}
	b = append(b, form)
	b = appendText(appendText(b, string(l.Kind)), l.Version)
	b = appendID(b, l.ID)
	b = binary.LittleEndian.AppendUint64(b, l.Print)
	b = binary.LittleEndian.AppendUint64(b, uint64(l.Made.UnixMicro()))
	whole := byte(0)
	if l.Whole {
		whole = 1
	}
	b = append(b, whole)
	for _, pairs := range parts {
		b = binary.AppendUvarint(b, uint64(len(pairs)))
		for _, p := range pairs {
			b = binary.LittleEndian.AppendUint64(appendID(b, p.ID), math.Float64bits(p.Raw))
		}
	}
	return b, nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendID writes a ULID as 0 and its 16 bytes, any other ID as a text.
func appendID(b []byte, id ID) []byte {
	if u, err := ulid.ParseStrict(string(id)); err == nil && u.String() == string(id) {
		return append(append(b, 0), u[:]...)
	}
	return appendText(b, string(id))
}

// UnmarshalBinary reads what MarshalBinary wrote. Made comes back in UTC.
func (l *MatchList) UnmarshalBinary(b []byte) error {
	r := listReader{rest: b}
	form := r.byte()
	if form != matchListForm && form != matchListTaught {
		return errMatchList
	}
	l.Kind, l.Version, l.ID = Kind(r.text()), r.text(), r.id()
	l.Print, l.Made = r.number(), time.UnixMicro(int64(r.number())).UTC()
	l.Whole = r.byte() == 1
	l.Best, l.Out = r.pairs(), r.pairs()
	if form == matchListTaught {
		l.Taught = r.pairs()
	}
	if r.short || len(r.rest) > 0 {
		return errMatchList
	}
	return nil
}

var errMatchList = errors.New("scene: a stored match list is damaged")

// listReader takes values off the front; short says that there were too few bytes.
type listReader struct {
	rest  []byte
	short bool
}

func (r *listReader) take(n uint64) []byte {
	if r.short || n > uint64(len(r.rest)) {
		r.short = true
		return nil
	}
	part := r.rest[:n]
	r.rest = r.rest[n:]
	return part
}

func (r *listReader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *listReader) number() uint64 {
	if b := r.take(8); len(b) == 8 {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *listReader) size() uint64 {
	n, used := binary.Uvarint(r.rest)
	if used <= 0 {
		r.short = true
		return 0
	}
	r.take(uint64(used))
	return n
}

func (r *listReader) text() string { return string(r.take(r.size())) }

func (r *listReader) id() ID {
	n := r.size()
	if n > 0 {
		return ID(r.take(n))
	}
	var u ulid.ULID
	copy(u[:], r.take(uint64(len(u))))
	return ID(u.String())
}

func (r *listReader) pairs() []MatchPair {
	n := r.size()
	if n == 0 || n > uint64(len(r.rest)) { // a pair takes more than a byte
		r.short = r.short || n > 0
		return nil
	}
	pairs := make([]MatchPair, 0, n)
	for range n {
		pairs = append(pairs, MatchPair{ID: r.id(), Raw: math.Float64frombits(r.number())})
	}
	return pairs
}
