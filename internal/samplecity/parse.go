package samplecity

import (
	"fmt"
	"strings"
)

// A data file holds blocks. A block begins with a line “@kind head | head …”
// and goes on with lines “key: value” until the next one; blank lines and
// lines that begin with # mean nothing. Kinds:
//
//	@org   key | name | English name | kind | region code | founded | industries | qualifications
//	@need  code | name | org key | English name
//	@offer code | name | org key | English name
//
// Where an entry spells its organisation in another way than its @org line,
// the key is followed by “~ other spelling”.
//
// Keys of both sides: cat (category cell, “-” none), kw, modes, trl, valid
// (days from today, “-30..90”), en (English summary), mark (see entry.marks).
// Of a need: now, need, target, has, works, tech, type, ref, dep, buy, site,
// money, months, titles, seat (where a provider must sit), mintrl, flags. Of an
// offer: what, product, form, tech, use, can, level, cond, ip, first, cases,
// money, months, titles, field, site, only (serves just these regions), floor
// (least budget), accept (modes), flags. Amounts are in 万元, times in months.
type block struct {
	kind  string
	heads []string
	line  int // 1-based, of the head
	keys  []string
	value map[string]string
}

// parse splits a data file into blocks. It returns an error that names the line
// for a line outside a block, a line without a colon, and a repeated key.
func parse(text string) ([]block, error) {
	var list []block
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '@':
			kind, rest, _ := strings.Cut(line[1:], " ")
			b := block{kind: kind, line: n, value: map[string]string{}}
			for head := range strings.SplitSeq(rest, "|") {
				b.heads = append(b.heads, strings.TrimSpace(head))
			}
			list = append(list, b)
			continue
		case len(list) == 0:
			return nil, fmt.Errorf("line %d: text before the first block", n)
		}
		key, value, ok := strings.Cut(line, ":")
		b := &list[len(list)-1]
		if _, repeated := b.value[key]; !ok || repeated {
			return nil, fmt.Errorf("line %d: want one “key: value” of each key, have %q", n, line)
		}
		b.keys = append(b.keys, key)
		b.value[key] = strings.TrimSpace(value)
	}
	return list, nil
}

// head returns the i-th head of b, "" if it has fewer.
func (b block) head(i int) string {
	if i < len(b.heads) {
		return b.heads[i]
	}
	return ""
}
