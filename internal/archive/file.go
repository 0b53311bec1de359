package archive

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"time"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// The file is gzip of lines, each one JSON document: a Header; each row as an
// array, the tables in the order of the header; a footer. A row holds a text
// as a string, a whole number as a number, nothing as null, {"b":"…"} for
// bytes in base64 and {"f":"…"} for a fraction.
const (
	formatName    = "jinghe-backup"
	formatVersion = 1
	// maxLine bounds a line, in bytes.
	maxLine = 256 << 20
)

// Header is the first line of a file.
type Header struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Program string    `json:"program"` // version of the program that wrote it
	Engine  string    `json:"engine"`  // of the rows, with its version
	Schema  int64     `json:"schema"`
	Made    time.Time `json:"made"`
	Tables  []Table   `json:"tables"`
}

// Table is a table in a header.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Key     []string `json:"key"`
	Rows    int      `json:"rows"`
}

// Rows counts the rows of all tables.
func (h *Header) Rows() (n int) {
	for _, t := range h.Tables {
		n += t.Rows
	}
	return n
}

func (h *Header) tables() []store.Table {
	out := make([]store.Table, len(h.Tables))
	for i, t := range h.Tables {
		out[i] = store.Table{Name: t.Name, Columns: t.Columns, Key: t.Key}
	}
	return out
}

// footer is the last line: without it a file is not whole.
type footer struct {
	Sums   []Sum  `json:"sums"`
	SHA256 string `json:"sha256"` // of all lines before, hex
}

// Write writes every row of a store to w, from one snapshot, while the store is
// in use. program is the version of this program. What w received is not
// complete when Write fails.
func Write(ctx context.Context, w io.Writer, from store.Store, program string, now time.Time, progress func(done, total int)) (Header, error) {
	health, err := from.Health(ctx)
	if err != nil {
		return Header{}, scene.Wrap("archive.Write", err)
	}
	h := Header{
		Format: formatName, Version: formatVersion, Program: program,
		Engine: health.Engine, Schema: health.SchemaVersion, Made: now.UTC(),
	}
	zipped, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return h, scene.Wrap("archive.Write", err)
	}
	err = from.View(ctx, func(tx store.Tx) error { return writeRows(ctx, zipped, tx.Raw(), &h, progress) })
	if err == nil {
		err = zipped.Close()
	}
	return h, scene.Wrap("archive.Write", err)
}

func writeRows(ctx context.Context, w io.Writer, raw store.Raw, h *Header, progress func(done, total int)) error {
	tables, err := raw.Tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		n, err := raw.Count(ctx, t)
		if err != nil {
			return err
		}
		h.Tables = append(h.Tables, Table{Name: t.Name, Columns: t.Columns, Key: t.Key, Rows: n})
	}
	out := &lines{to: bufio.NewWriterSize(w, 1<<16), hash: sha256.New()}
	if err := out.write(h); err != nil {
		return err
	}
	step := stepping(progress, h.Rows())
	var end footer
	for _, t := range tables {
		s := newSumming(t)
		err := raw.Rows(ctx, t, func(row []any) error {
			step()
			if err := s.add(row); err != nil {
				return err
			}
			return out.write(encodeRow(row))
		})
		if err != nil {
			return err
		}
		end.Sums = append(end.Sums, s.sum())
	}
	end.SHA256 = hex.EncodeToString(out.hash.Sum(nil))
	if err := out.write(end); err != nil {
		return err
	}
	return out.to.Flush()
}

// lines writes documents, one a line, and adds them up.
type lines struct {
	to   *bufio.Writer
	hash hash.Hash
}

func (l *lines) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	l.hash.Write(line)
	_, err = l.to.Write(line)
	return err
}

// ReadHeader reads the first line of a file. Something else is Invalid, a file
// of a newer program a Precondition error.
func ReadHeader(r io.Reader) (Header, error) {
	in, err := newReading(r)
	if err != nil {
		return Header{}, scene.Wrap("archive.ReadHeader", err)
	}
	return in.header, nil
}

// Verify reads a whole file and checks its sums.
func Verify(ctx context.Context, r io.Reader) (Header, error) {
	in, err := newReading(r)
	if err != nil {
		return Header{}, scene.Wrap("archive.Verify", err)
	}
	return in.header, scene.Wrap("archive.Verify", in.rows(ctx, nothing{}))
}

// nothing is where verified rows go.
type nothing struct{}

func (nothing) begin(store.Table) error          { return nil }
func (nothing) add(context.Context, []any) error { return nil }
func (nothing) end(context.Context) error        { return nil }

// Restore fills an empty store from a file, in one transaction that is checked
// before it commits. open opens the file; it may be called again after a
// conflict in the store. The store has the schema that the header names.
func Restore(ctx context.Context, open func() (io.ReadCloser, error), to store.Store, progress func(done, total int)) (h Header, err error) {
	health, err := to.Health(ctx)
	if err != nil {
		return h, scene.Wrap("archive.Restore", err)
	}
	err = to.Update(ctx, func(tx store.Tx) error {
		file, err := open()
		if err != nil {
			return err
		}
		defer file.Close()
		in, err := newReading(file)
		if err != nil {
			return err
		}
		h = in.header
		if h.Schema > health.SchemaVersion {
			return newer(h.Program)
		}
		if h.Schema < health.SchemaVersion {
			return &scene.Error{Code: scene.Precondition, Key: "archive.schema", Args: map[string]any{"have": health.SchemaVersion, "want": h.Schema}}
		}
		f, err := newFilling(ctx, tx.Raw(), h.tables(), stepping(progress, 2*h.Rows()))
		if err != nil {
			return err
		}
		if err := in.rows(ctx, into{f}); err != nil {
			return blame(ctx, open, err)
		}
		return f.check(ctx)
	})
	return h, scene.Wrap("archive.Restore", err)
}

// blame returns why rows of a file could not be written: the file, if it is
// damaged, for a row that is not what it was may break a rule of the store
// before the sums are reached; else what the store says.
func blame(ctx context.Context, open func() (io.ReadCloser, error), refused error) error {
	file, err := open()
	if err != nil {
		return refused
	}
	defer file.Close()
	_, err = Verify(ctx, file)
	if bad, ok := errors.AsType[*scene.Error](err); ok && bad.Key == damagedKey {
		return err
	}
	return refused
}

// into hands rows to a filling.
type into struct{ *filling }

func (i into) begin(t store.Table) error { i.filling.begin(t); return nil }

func (i into) end(ctx context.Context) error { _, err := i.filling.end(ctx); return err }
