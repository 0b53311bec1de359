package scene

import (
	"fmt"
	"slices"
	"strings"
)

// nationwide is the code of the whole country in the dictionary of divisions.
const nationwide = "100000"

// readDivisions reads data/region.tsv: code, Chinese name, English name,
// synonyms. Six digits are a division of GB/T 2260, whose parent follows from
// the code; other codes are groups, whose members the crosswalk lists.
func readDivisions() (Dictionary, error) {
	d := Dictionary{Name: DictRegion, Zh: "行政区划", En: "Administrative division"}
	b, err := dictionaryFiles.ReadFile("data/region.tsv")
	if err != nil {
		return d, err
	}
	have := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if strings.HasPrefix(line, "#") || len(cells) < 3 {
			if !strings.HasPrefix(line, "#") {
				return d, fmt.Errorf("data/region.tsv: %q: want code, name, English name", line)
			}
			continue
		}
		t := Term{Code: cells[0], Zh: cells[1], En: cells[2]}
		if len(cells) > 3 && cells[3] != "" {
			t.Synonyms = strings.Split(cells[3], ",")
		}
		have[t.Code] = true
		d.Terms = append(d.Terms, t)
	}
	for i := range d.Terms {
		d.Terms[i].Parent = divisionAbove(d.Terms[i].Code, func(code string) bool { return have[code] })
	}
	return d, nil
}

// divisionAbove returns the nearest division around code that is known.
func divisionAbove(code string, known func(string) bool) string {
	if code == nationwide {
		return ""
	}
	if division(code) {
		for _, up := range []string{code[:4] + "00", code[:2] + "0000"} {
			if up != code && known(up) {
				return up
			}
		}
	}
	return nationwide
}

// division reports whether code has the form of a GB/T 2260 code.
func division(code string) bool {
	return len(code) == 6 && strings.Trim(code, "0123456789") == ""
}

// RegionContains reports whether the division or group inner lies in outer or
// is it. A group lies in outer if all its members do. A six-digit code that
// the dictionary does not know (one of an abolished district) lies where its
// digits say.
func (d *Dictionaries) RegionContains(outer, inner string) bool {
	if outer == inner || d.Within(DictRegion, inner, outer) {
		return true
	}
	for _, m := range d.members[outer] {
		if d.RegionContains(m, inner) {
			return true
		}
	}
	if group := d.members[inner]; len(group) > 0 {
		return !slices.ContainsFunc(group, func(m string) bool { return !d.RegionContains(outer, m) })
	}
	if !d.knows(DictRegion, inner) && division(inner) && inner != nationwide {
		up := divisionAbove(inner, func(code string) bool { return d.knows(DictRegion, code) })
		return d.RegionContains(outer, up)
	}
	return false
}

// RegionOf returns the divisions and groups that a cell or an address names,
// in the order of the text and without repetition. Of “江苏省无锡市新吴区” only
// the last counts; in “江苏、无锡” both do. A name that several divisions bear
// (鼓楼区) counts only after a division around one of them. Names of streets
// and universities (中山路, 南京大学) are no places, and “全国” or “东北” inside
// a phrase (全国领先, 东北角) is none either.
func (d *Dictionaries) RegionOf(text string) []string {
	x, ok := d.byName[DictRegion]
	if !ok || text == "" {
		return nil
	}
	folded := d.fold.cell(text)
	var places []place
	for _, f := range x.synonyms().scan(folded) {
		if !isPlace(folded, f) {
			continue
		}
		code := d.disambiguate(x, f, folded, places)
		if code == "" || vague(code) && !ends(folded, f.end) {
			continue
		}
		p := place{code: code, end: f.end}
		if n := len(places); n > 0 && places[n-1].end == f.start && d.RegionContains(places[n-1].code, code) {
			places[n-1] = p
			continue
		}
		places = append(places, p)
	}
	var codes []string
	for _, p := range places {
		codes = appendNew(codes, p.code)
	}
	return codes
}

// place is a division found in a text, with the end of its wording.
type place struct {
	code string
	end  int
}

// disambiguate returns the code that f means after the places before it, or "".
func (d *Dictionaries) disambiguate(x *indexed, f found, text []rune, before []place) string {
	if len(f.hints) == 1 && !plain(text[f.start:f.end]) {
		return x.Terms[f.hints[0].term].Code
	}
	for _, p := range slices.Backward(before) {
		match := ""
		for _, h := range f.hints {
			if code := x.Terms[h.term].Code; code != p.code && d.RegionContains(p.code, code) {
				if match != "" {
					return "" // two of that name inside: still not clear
				}
				match = code
			}
		}
		if match != "" {
			return match
		}
	}
	return ""
}

// plain reports whether a name of a district is an everyday word too (城区, 郊区, 老城区).
func plain(name []rune) bool {
	return len(name) == 2 && name[1] == '区' || strings.HasSuffix(string(name), "城区") && len(name) == 3
}

// vague reports whether code is the whole country or a group: their names are
// everyday words in running text.
func vague(code string) bool { return code == nationwide || !division(code) }

// ends reports whether a value ends before text[i].
func ends(text []rune, i int) bool {
	return i == len(text) || separator(text[i]) || strings.ContainsRune("。.:：()[]【】及和与或等内的", text[i])
}

// isPlace tells a place from a street, a road or a university named after one.
func isPlace(text []rune, f found) bool {
	rest := string(text[f.end:min(f.end+2, len(text))])
	switch {
	case strings.HasPrefix(rest, "街道"):
		return true
	case strings.HasPrefix(rest, "路"), strings.HasPrefix(rest, "街"),
		strings.HasPrefix(rest, "大道"), strings.HasPrefix(rest, "大学"):
		return false
	}
	return true
}
