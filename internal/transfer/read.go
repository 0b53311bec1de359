package transfer

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jinghe/internal/scene"
)

// ReadOptions says how a file is read. The zero value reads what it can.
type ReadOptions struct {
	// Kind decides where neither heads nor names say which side a sheet is on.
	Kind scene.Kind
	// Source names the list; rows that do not say their own get it.
	Source string
	// Dictionaries resolve categories, regions, titles and modes; without them such cells stay text.
	Dictionaries *scene.Dictionaries
	// Mapping holds decisions of a person for columns of this source: the head
	// (see MappingKey) to its field, or to Ignore.
	Mapping map[string]Field
	// Now is the day that a validity such as “一年” counts from where the row has
	// no date of publication. Without it such a cell stays in Extra.
	Now time.Time
	// Keep, if not nil, names rows that go in but whose cells are kept in
	// Document.Rejected all the same: the store refused them. sheet and line are
	// those of scene.Row.
	Keep func(sheet string, line int) bool
	// Progress, if not nil, is told the rows done and their total, from the reading goroutine.
	Progress func(done, total int)
	// Limits bound what a hostile file may cost; zero fields take DefaultLimits.
	Limits Limits
}

// MappingKey returns the key of a head in ReadOptions.Mapping.
func MappingKey(head string) string { return foldHead(head) }

// Document is what a file holds.
type Document struct {
	File   string      `json:"file"` // base name
	Sheets []Sheet     `json:"sheets"`
	Rows   []scene.Row `json:"-"`
	// Problems lists what a person has to know, in the order of the file: cells,
	// rows and sheets that did not go in (Rejected), and warnings.
	Problems []scene.Problem `json:"problems"`
	// Rejected are the cells of rows that did not go in, and of those that
	// ReadOptions.Keep named, for WriteProblems.
	Rejected []RejectedRow `json:"-"`
}

// Sheet is one sheet and how it was understood.
type Sheet struct {
	Name      string     `json:"name"`
	Layout    Layout     `json:"layout,omitempty"`
	Kind      scene.Kind `json:"kind,omitempty"`
	HeaderRow int        `json:"header_row,omitempty"` // 1-based; 0 if the sheet was skipped
	// Columns of a sheet that was skipped are what stands in its fullest line.
	Columns []Column `json:"columns,omitempty"`
	Rows    int      `json:"rows"` // entries read
}

// RejectedRow is a row that did not go in, cell by cell as it stood.
type RejectedRow struct {
	Sheet string
	Line  int
	Cells []string
}

// ReadFile reads the file at path; see Read.
func ReadFile(ctx context.Context, path string, o ReadOptions) (Document, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return Document{}, fileError(name, "transfer.file_open", err, nil)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Document{}, fileError(name, "transfer.file_open", err, nil)
	}
	if info.IsDir() {
		return Document{}, fileError(name, "transfer.file_directory", nil, nil)
	}
	return Read(ctx, name, f, info.Size(), o)
}

// Read reads a workbook or a delimited text of the given size. name is used in
// messages and as a last hint to the kind, never to tell the format.
//
// A file that cannot be read at all is a *scene.Error (Invalid or TooLarge)
// whose key and arguments make one sentence that names the file and what to
// do. Everything less is a Problem of the document, and the good rows go in.
// The context's error is returned as it is.
func Read(ctx context.Context, name string, r io.ReaderAt, size int64, o ReadOptions) (doc Document, err error) {
	name = filepath.Base(name)
	o.Limits = o.Limits.orDefault()
	format, err := sniff(name, r, size, o.Limits)
	if err != nil {
		return Document{File: name}, err
	}
	src, err := open(ctx, format, name, r, size, o.Limits)
	if err != nil {
		return Document{File: name}, err
	}
	defer src.close()
	return newFileReader(ctx, name, &o).read(src)
}

// Recognise tells the format of a file by its content, which costs little. What
// cannot be read is an error as Read would return it.
func Recognise(name string, r io.ReaderAt, size int64) (Format, error) {
	return sniff(filepath.Base(name), r, size, DefaultLimits())
}

// source yields the tables of an opened file.
type source interface {
	// tables lists the names of the sheets.
	tables() []string
	// load reads the i-th table. Its err says why a table could not be read.
	load(ctx context.Context, i int) table
	date1904() bool
	close()
}

func open(ctx context.Context, format Format, name string, r io.ReaderAt, size int64, l Limits) (source, error) {
	if format == CSV {
		return openText(ctx, name, r, size, l)
	}
	return openWorkbook(ctx, name, r, size, l)
}

// Format is a kind of file.
type Format string

// The formats that are read and written.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// fileError is a failure of a whole file, told in one sentence.
func fileError(name, key string, cause error, args map[string]any) *scene.Error {
	all := map[string]any{"file": name}
	for k, v := range args {
		all[k] = v
	}
	code := scene.Invalid
	if strings.HasPrefix(key, "transfer.too_") {
		code = scene.TooLarge
	}
	return &scene.Error{Code: code, Key: key, Args: all, Op: "transfer.Read", Err: cause}
}
