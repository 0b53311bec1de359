package transfer

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

var loadDictionaries = sync.OnceValues(scene.LoadDictionaries)

func dictionaries(t testing.TB) *scene.Dictionaries {
	t.Helper()
	d, err := loadDictionaries()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// book builds a workbook in memory.
type book struct {
	t testing.TB
	*excelize.File
	sheet string
	next  int
}

func newBook(t testing.TB, sheet string) *book {
	t.Helper()
	b := &book{t: t, File: excelize.NewFile(), sheet: sheet, next: 1}
	b.must(b.SetSheetName("Sheet1", sheet))
	return b
}

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// on goes on in another sheet, made if needed.
func (b *book) on(sheet string) *book {
	_, err := b.NewSheet(sheet)
	b.must(err)
	b.sheet, b.next = sheet, 1
	return b
}

// row appends a row; nil cells stay empty.
func (b *book) row(cells ...any) *book {
	b.t.Helper()
	for i, c := range cells {
		if c == nil {
			continue
		}
		at, err := excelize.CoordinatesToCellName(i+1, b.next)
		b.must(err)
		b.must(b.SetCellValue(b.sheet, at, c))
	}
	b.next++
	return b
}

func (b *book) merge(from, to string) *book {
	b.must(b.MergeCell(b.sheet, from, to))
	return b
}

func (b *book) bytes() []byte {
	b.t.Helper()
	var buf bytes.Buffer
	_, err := b.WriteTo(&buf)
	b.must(err)
	b.must(b.Close())
	return buf.Bytes()
}

func readBytes(t testing.TB, name string, data []byte, o ReadOptions) (Document, error) {
	t.Helper()
	if o.Dictionaries == nil {
		o.Dictionaries = dictionaries(t)
	}
	return Read(context.Background(), name, bytes.NewReader(data), int64(len(data)), o)
}

func mustRead(t testing.TB, name string, data []byte) Document {
	t.Helper()
	doc, err := readBytes(t, name, data, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func mustWrite(t testing.TB, format Format, layout Layout, rows []scene.Row, o WriteOptions) []byte {
	t.Helper()
	if o.Dictionaries == nil {
		o.Dictionaries = dictionaries(t)
	}
	var buf bytes.Buffer
	if _, err := Write(context.Background(), &buf, format, layout, rows, o); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// content compares rows by what they say, not by where they stood.
func content() cmp.Option {
	return cmp.Options{
		cmpopts.EquateEmpty(),
		cmpopts.IgnoreFields(scene.Row{}, "File", "Sheet", "Line", "Label", "Echo"),
	}
}

// problemsWith returns the problems that have the key.
func problemsWith(doc Document, key string) []scene.Problem {
	var out []scene.Problem
	for _, p := range doc.Problems {
		if p.Key == key {
			out = append(out, p)
		}
	}
	return out
}

func wantProblem(t *testing.T, doc Document, key string, row int, column string) scene.Problem {
	t.Helper()
	for _, p := range problemsWith(doc, key) {
		if (row == 0 || p.Row == row) && (column == "" || p.Column == column) {
			return p
		}
	}
	t.Errorf("no problem %s at row %d, column %q; told: %s", key, row, column, told(doc))
	return scene.Problem{}
}

func told(doc Document) string {
	s := ""
	for _, p := range doc.Problems {
		s += "\n  " + locale.Problem(locale.Zh, p)
	}
	return s
}

func wantKey(t *testing.T, err error, key string) {
	t.Helper()
	e, ok := errors.AsType[*scene.Error](err)
	if !ok || e.Key != key {
		t.Fatalf("error %v, want key %s", err, key)
	}
}

func cancelled(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}

// keysInSource finds the message keys in the package's own source.
func keysInSource(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`"(transfer\.[a-z0-9_]*[a-z0-9])"`)
	var keys []string
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllSubmatch(src, -1) {
			keys = append(keys, string(m[1]))
		}
	}
	if len(keys) < 40 {
		t.Fatalf("only %d keys found", len(keys))
	}
	return keys
}
