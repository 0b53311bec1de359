package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"strconv"

	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// sink takes the rows of a file.
type sink interface {
	begin(t store.Table) error
	add(ctx context.Context, row []any) error
	end(ctx context.Context) error
}

// reading is a file under way.
type reading struct {
	in     *bufio.Reader
	hash   hash.Hash
	header Header
}

func newReading(r io.Reader) (*reading, error) {
	plain, err := gzip.NewReader(r)
	if err != nil {
		return nil, foreign(err)
	}
	in := &reading{in: bufio.NewReaderSize(plain, 1<<16), hash: sha256.New()}
	line, err := in.line()
	if err != nil {
		return nil, foreign(err)
	}
	in.hash.Write(line)
	if err := json.Unmarshal(line, &in.header); err != nil || in.header.Format != formatName {
		return nil, foreign(err)
	}
	if in.header.Version > formatVersion {
		return nil, newer(in.header.Program)
	}
	for _, t := range in.header.Tables {
		if t.Rows < 0 || t.Name == "" || len(t.Columns) == 0 {
			return nil, foreign(nil)
		}
	}
	return in, nil
}

// rows hands every row to s, and returns nil only when the sums of the footer
// are those of what was read.
func (in *reading) rows(ctx context.Context, s sink) error {
	var read []Sum
	for i, t := range in.header.tables() {
		sum := newSumming(t)
		if err := s.begin(t); err != nil {
			return err
		}
		for range in.header.Tables[i].Rows {
			row, err := in.row(len(t.Columns))
			if err != nil {
				return err
			}
			if err := sum.add(row); err != nil {
				return err
			}
			if err := s.add(ctx, row); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return &scene.Error{Code: scene.Unavailable, Key: "store.ended", Err: err}
			}
		}
		if err := s.end(ctx); err != nil {
			return err
		}
		read = append(read, sum.sum())
	}
	return in.finish(read)
}

// finish compares with the footer and wants nothing after it.
func (in *reading) finish(read []Sum) error {
	whole := hex.EncodeToString(in.hash.Sum(nil))
	line, err := in.line()
	if err != nil {
		return err
	}
	var end footer
	if err := json.Unmarshal(line, &end); err != nil {
		return damaged(err)
	}
	if _, differ := differing(read, end.Sums); differ || end.SHA256 != whole {
		return damaged(nil)
	}
	if _, err := in.in.ReadByte(); !errors.Is(err, io.EOF) { // also has gzip compare its own sum
		return damaged(err)
	}
	return nil
}

func (in *reading) row(width int) ([]any, error) {
	line, err := in.line()
	if err != nil {
		return nil, err
	}
	in.hash.Write(line)
	row, err := decodeRow(line)
	if err != nil || len(row) != width {
		return nil, damaged(err)
	}
	return row, nil
}

func (in *reading) line() ([]byte, error) {
	var line []byte
	for {
		part, err := in.in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case err == nil:
			return line, nil
		case !errors.Is(err, bufio.ErrBufferFull) || len(line) > maxLine:
			return nil, damaged(err)
		}
	}
}

// encodeRow returns what stands for a row in a file.
func encodeRow(row []any) []any {
	out := make([]any, len(row))
	for i, v := range row {
		switch v := v.(type) {
		case []byte:
			out[i] = map[string][]byte{"b": v}
		case float64:
			out[i] = map[string]string{"f": strconv.FormatFloat(v, 'g', -1, 64)}
		default:
			out[i] = v
		}
	}
	return out
}

func decodeRow(line []byte) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil {
		return nil, err
	}
	var err error
	for i := range row {
		if row[i], err = decodeValue(row[i]); err != nil {
			return nil, err
		}
	}
	return row, nil
}

func decodeValue(v any) (any, error) {
	switch v := v.(type) {
	case nil, string:
		return v, nil
	case json.Number:
		return v.Int64()
	case map[string]any:
		if f, ok := v["f"].(string); ok && len(v) == 1 {
			return strconv.ParseFloat(f, 64)
		}
		if b, ok := v["b"].(string); ok && len(v) == 1 {
			out := []byte{}
			err := json.Unmarshal([]byte(strconv.Quote(b)), &out)
			return out, err
		}
	}
	return nil, errors.New("no value of a row")
}

func newer(program string) error {
	return &scene.Error{Code: scene.Precondition, Key: "archive.newer", Args: map[string]any{"program": program}}
}

func foreign(err error) error {
	return &scene.Error{Code: scene.Invalid, Key: "archive.foreign", Err: err}
}

const damagedKey = "archive.damaged"

func damaged(err error) error {
	return &scene.Error{Code: scene.Invalid, Key: damagedKey, Err: err}
}
