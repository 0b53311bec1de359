package transfer

import (
	"bytes"
	"context"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// text is an opened delimited text: one table.
type text struct{ t table }

func (t *text) tables() []string                    { return []string{t.t.name} }
func (t *text) load(_ context.Context, _ int) table { return t.t }
func (t *text) date1904() bool                      { return false }
func (t *text) close()                              {}

// openText decodes and splits a delimited text.
func openText(ctx context.Context, name string, r io.ReaderAt, size int64, l Limits) (source, error) {
	raw := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), raw); err != nil {
		return nil, fileError(name, "transfer.file_open", err, nil)
	}
	s := decode(raw)
	if strings.ContainsRune(s[:min(len(s), sniffed)], 0) {
		return nil, fileError(name, "transfer.not_workbook", nil, nil)
	}
	stem := name
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		stem = name[:at]
	}
	t := table{stem: stem}
	d, s := delimiter(s)
	sp := splitter{s: s, delimiter: d}
	for sp.next() {
		if sp.record%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if len(sp.cells) > l.Columns {
			t.more = max(t.more, len(sp.cells)-l.Columns)
			sp.cells = sp.cells[:l.Columns]
		}
		for i, c := range sp.cells {
			sp.cells[i] = unguard(c)
		}
		if sp.fault == "" && blank(sp.cells) {
			continue
		}
		if sp.faults > mostBroken {
			return nil, fileError(name, "transfer.quotes_many", nil, map[string]any{"row": sp.line})
		}
		if len(t.lines) >= l.Rows {
			return nil, fileError(name, "transfer.too_many_rows", nil, map[string]any{"sheet": stem, "limit": l.Rows, "row": sp.line})
		}
		t.lines = append(t.lines, line{num: sp.line, cells: sp.cells, fault: sp.fault})
	}
	return &text{t: t}, nil
}

// decode brings a text to UTF-8: by its byte order mark, else UTF-8 if most of
// what is not ASCII reads as such (a cut character does not make it another
// encoding), else GB18030, which holds GBK and GB 2312.
func decode(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		return string(raw[3:])
	case wideBOM(raw):
		return decodeWide(raw)
	case mostlyUTF8(raw):
		return string(raw)
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil {
		return string(raw)
	}
	return string(out)
}

func decodeWide(raw []byte) string {
	big := raw[0] == 0xfe
	units := make([]uint16, 0, len(raw)/2)
	for i := 2; i+1 < len(raw); i += 2 {
		if big {
			units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
		} else {
			units = append(units, uint16(raw[i+1])<<8|uint16(raw[i]))
		}
	}
	s := string(utf16.Decode(units))
	if len(raw)%2 == 1 {
		s += "\uFFFD"
	}
	return s
}

// mostlyUTF8 reports that at least 95 % of the bytes beyond ASCII form UTF-8
// characters. Chinese text in GBK practically never does.
func mostlyUTF8(raw []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, n := utf8.DecodeRune(raw[i:])
		if n == 1 {
			bad++
		} else {
			good += n
		}
		i += n
	}
	return bad*19 <= good
}

// delimiter tells what separates the cells: what a first line “sep=;” names,
// else the mark that is most frequent outside quotes in the first lines. It returns the
// text without such a line.
func delimiter(s string) (byte, string) {
	first, rest, _ := strings.Cut(s, "\n")
	if d, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(first)), "sep="); ok && len(d) == 1 {
		return d[0], rest
	}
	const sample = 64 << 10
	var counts [256]int
	quoted := false
	for i := 0; i < len(s) && i < sample; i++ {
		switch s[i] {
		case '"':
			quoted = !quoted
		case ',', ';', '\t':
			if !quoted {
				counts[s[i]]++
			}
		}
	}
	best := byte(',')
	for _, d := range []byte{'\t', ';'} {
		if counts[d] > counts[best] {
			best = d
		}
	}
	return best, s
}

// splitter splits delimited text into records (RFC 4180). It differs from
// encoding/csv where a list is broken: a quote that is never closed, or is
// followed by more text, costs its own line, which is told, and reading goes on
// below instead of swallowing the rest of the file.
type splitter struct {
	s         string
	delimiter byte
	at        int
	physical  int // line number at at, less one

	cells  []string
	line   int // 1-based number of the record's first line
	record int
	fault  string
	faults int
}

// longestQuoted bounds, in lines and bytes, how far the end of a quoted cell is
// looked for, and mostBroken how often that may be in vain.
const (
	mostBroken         = 1000
	longestQuoted      = 1000
	longestQuotedBytes = 128 << 10
)

// next reads the next record; false at the end.
func (p *splitter) next() bool {
	if p.at >= len(p.s) {
		return false
	}
	start := p.at
	p.cells, p.fault = nil, ""
	p.line = p.physical + 1
	p.record++
	for {
		more, ok := p.cell()
		if !ok {
			p.at, p.physical = start, p.line-1
			p.broken()
			return true
		}
		if !more {
			return true
		}
	}
}

// broken takes the line at p.at as one cell of a record that cannot be split.
func (p *splitter) broken() {
	end := strings.IndexByte(p.s[p.at:], '\n')
	if end < 0 {
		end = len(p.s) - p.at
	}
	p.cells = []string{strings.TrimRight(p.s[p.at:p.at+end], "\r")}
	p.fault = "transfer.quotes"
	p.faults++
	p.at = min(p.at+end+1, len(p.s))
	p.physical++
}

// cell reads a cell and the mark behind it. more is false at the end of the
// record, ok is false where quotes are broken.
func (p *splitter) cell() (more, ok bool) {
	if p.at < len(p.s) && p.s[p.at] == '"' {
		return p.quoted()
	}
	end := p.at
	for end < len(p.s) && p.s[end] != p.delimiter && p.s[end] != '\n' && p.s[end] != '\r' {
		end++
	}
	p.cells = append(p.cells, p.s[p.at:end])
	p.at = end
	return p.separator(), true
}

func (p *splitter) quoted() (more, ok bool) {
	var b strings.Builder
	i, lines := p.at+1, 0
	for start := i; ; {
		if i >= len(p.s) || lines > longestQuoted || i-start > longestQuotedBytes {
			return false, false
		}
		switch c := p.s[i]; {
		case c == '"' && i+1 < len(p.s) && p.s[i+1] == '"':
			b.WriteByte('"')
			i += 2
			continue
		case c == '"':
			p.at = i + 1
			if p.at < len(p.s) && p.s[p.at] != p.delimiter && p.s[p.at] != '\n' && p.s[p.at] != '\r' {
				return false, false
			}
			p.cells = append(p.cells, b.String())
			p.physical += lines
			return p.separator(), true
		case c == '\n':
			lines++
		}
		b.WriteByte(p.s[i])
		i++
	}
}

// separator steps over a delimiter (true) or a line end (false).
func (p *splitter) separator() bool {
	if p.at >= len(p.s) {
		return false
	}
	if p.s[p.at] == p.delimiter {
		p.at++
		return true
	}
	if p.s[p.at] == '\r' {
		p.at++
	}
	if p.at < len(p.s) && p.s[p.at] == '\n' {
		p.at++
	}
	p.physical++
	return false
}
