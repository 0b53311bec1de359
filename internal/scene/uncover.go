package scene

import (
	"cmp"
	"slices"
	"strings"
)

// aroundCover is how many code points beside a covered passage tell it from others.
const aroundCover = 8

// cover is a passage that Redact hides, or asterisks that the owner wrote.
type cover struct {
	hidden        string
	length        int
	before, after []rune // as a reader of the redacted text sees them
}

// Uncover gives the passages back that [Redact] covered in a text which then
// was edited: told is the edited text, stored are the texts it may come from.
// A run of asterisks is the covered passage of the same length whose
// surroundings are most alike. It returns false where a run stands for none of
// them, or could stand for several: then the text must not be kept, since what
// it covers would be lost. Where the stored texts have nothing to cover, an
// asterisk is an asterisk. A single one always is, unless its surroundings say
// otherwise.
func Uncover(told string, stored ...string) (string, bool) {
	if !strings.Contains(told, "*") {
		return told, true
	}
	var covers []cover
	for _, s := range stored {
		covers = appendCovers(covers, s)
	}
	if !slices.ContainsFunc(covers, func(c cover) bool { return strings.Trim(c.hidden, "*") != "" }) {
		return told, true
	}
	text := []rune(told)
	used := make([]bool, len(covers))
	groups := map[int]int{} // asked of a length, for runs whose surroundings do not decide
	runs := starRuns(text)
	for _, r := range runs {
		groups[r.end-r.start]++
	}
	var b strings.Builder
	at := 0
	for _, r := range runs {
		i, ok := pickCover(covers, used, text, r, groups[r.end-r.start])
		if !ok {
			return told, false
		}
		b.WriteString(string(text[at:r.start]))
		at = r.start
		if i >= 0 {
			used[i] = true
			b.WriteString(covers[i].hidden)
			at = r.end
		}
	}
	b.WriteString(string(text[at:]))
	return b.String(), true
}

// starRun is a run of asterisks, in code points.
type starRun struct{ start, end int }

func starRuns(text []rune) []starRun {
	var runs []starRun
	for i := 0; i < len(text); i++ {
		if text[i] != '*' {
			continue
		}
		start := i
		for i < len(text) && text[i] == '*' {
			i++
		}
		runs = append(runs, starRun{start, i})
	}
	return runs
}

func appendCovers(list []cover, stored string) []cover {
	masked := Redact(stored)
	if !strings.Contains(masked, "*") {
		return list
	}
	plain, seen := []rune(stored), []rune(masked)
	if len(plain) != len(seen) {
		return list
	}
	for _, r := range starRuns(seen) {
		list = append(list, cover{
			hidden: string(plain[r.start:r.end]), length: r.end - r.start,
			before: seen[max(0, r.start-aroundCover):r.start], after: seen[r.end:min(len(seen), r.end+aroundCover)],
		})
	}
	return list
}

// pickCover chooses what a run of asterisks covers: -1 for nothing. asked is
// how many runs of that length the text has.
func pickCover(covers []cover, used []bool, text []rune, r starRun, asked int) (int, bool) {
	type candidate struct{ index, alike int }
	var list []candidate
	for i, c := range covers {
		if c.length != r.end-r.start {
			continue
		}
		// what a number belongs to stands before it
		alike := 2*commonEnd(c.before, text[:r.start]) + commonStart(c.after, text[r.end:])
		list = append(list, candidate{i, alike})
	}
	single := r.end-r.start == 1
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.alike, a.alike) })
	if len(list) == 0 || single && list[0].alike == 0 {
		return -1, single
	}
	best := list
	for i, c := range list {
		if c.alike < list[0].alike {
			best = list[:i]
			break
		}
	}
	same := !slices.ContainsFunc(best, func(c candidate) bool { return covers[c.index].hidden != covers[best[0].index].hidden })
	if !same && asked < len(best) {
		return -1, false // which of them was taken out?
	}
	for _, c := range best { // alike in all: in the order in which they stand
		if !used[c.index] {
			return c.index, true
		}
	}
	return best[0].index, same
}

func commonStart(a, b []rune) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

func commonEnd(a, b []rune) int {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}
