package archive

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// Sum says what a table holds.
type Sum struct {
	Table  string `json:"table"`
	Rows   int    `json:"rows"`
	Digest string `json:"digest"` // SHA-256 over the rows in order of key, hex
}

// summing adds up the rows of one table.
type summing struct {
	table string
	rows  int
	hash  hash.Hash
	line  []byte
}

func newSumming(t store.Table) *summing {
	s := &summing{table: t.Name, hash: sha256.New()}
	for _, name := range t.Columns {
		s.line = appendValue(s.line, name)
	}
	s.hash.Write(s.line)
	return s
}

// add takes a row in. A value of a type that no engine gives is an error.
func (s *summing) add(row []any) error {
	s.line = s.line[:0]
	for _, v := range row {
		if !known(v) {
			return &scene.Error{Code: scene.Internal, Op: "archive.sum", Key: "archive.value", Args: map[string]any{"table": s.table}}
		}
		s.line = appendValue(s.line, v)
	}
	s.rows++
	s.hash.Write(s.line)
	return nil
}

func (s *summing) sum() Sum {
	return Sum{Table: s.table, Rows: s.rows, Digest: hex.EncodeToString(s.hash.Sum(nil))}
}

func known(v any) bool {
	switch v.(type) {
	case nil, string, int64, float64, []byte:
		return true
	}
	return false
}

// appendValue writes the kind of a value, its length where that varies, and
// its bytes, so that no two rows look alike.
func appendValue(to []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(binary.AppendUvarint(append(to, 's'), uint64(len(v))), v...)
	case []byte:
		return append(binary.AppendUvarint(append(to, 'b'), uint64(len(v))), v...)
	case int64:
		return binary.BigEndian.AppendUint64(append(to, 'i'), uint64(v))
	case float64:
		return binary.BigEndian.AppendUint64(append(to, 'f'), math.Float64bits(v))
	default:
		return append(to, 'n')
	}
}

// sums adds up all tables of a store.
func sums(ctx context.Context, raw store.Raw, tables []store.Table, step func()) ([]Sum, error) {
	out := make([]Sum, 0, len(tables))
	for _, t := range tables {
		s := newSumming(t)
		err := raw.Rows(ctx, t, func(row []any) error {
			step()
			return s.add(row)
		})
		if err != nil {
			return nil, err
		}
		out = append(out, s.sum())
	}
	return out, nil
}

// differing returns the first table whose sums differ.
func differing(a, b []Sum) (table string, differ bool) {
	at := make(map[string]Sum, len(b))
	for _, s := range b {
		at[s.Table] = s
	}
	for _, s := range a {
		if at[s.Table] != s {
			return s.Table, true
		}
	}
	return "", len(a) != len(b)
}
