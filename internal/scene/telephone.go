package scene

import "slices"

// digitGroup is a range of digits without anything between them.
type digitGroup struct{ start, end int }

func (g digitGroup) size() int { return g.end - g.start }

// coverNumbers covers what has the form of a telephone number.
func (v *contactView) coverNumbers() {
	var groups []digitGroup
	for i := 0; i < len(v.text); i++ {
		if isDigit(v.text[i]) {
			end := v.while(i, isDigit)
			groups = append(groups, digitGroup{i, end})
			i = end
		}
	}
	for len(groups) > 0 {
		used := v.telephone(groups)
		if used > 0 {
			start, end := groups[0].start, v.extended(groups[:used])
			if v.at(start-1) == '+' || v.at(start-1) == '(' {
				start--
			}
			v.cover(start, end)
		}
		groups = groups[max(used, 1):]
	}
}

// telephone returns how many groups make up a number that begins with the first, 0 if none does.
func (v *contactView) telephone(groups []digitGroup) int {
	if used := v.mobile(groups); used > 0 {
		return used
	}
	if used := v.service(groups); used > 0 {
		return used
	}
	if used := v.landLine(groups, v.areaCode); used > 0 {
		return used
	}
	return v.abroad(groups)
}

// abroad knows 86 and 0086 before a mobile number and, if it is clear that a
// country is meant, before a land line whose area code has lost its zero.
func (v *contactView) abroad(groups []digitGroup) int {
	g := groups[0]
	zeros := g.size() == 4 && v.has(g.start, []rune("0086"))
	if !zeros && (g.size() != 2 || !v.has(g.start, []rune("86"))) || !v.joined(groups, 1, " -)") {
		return 0
	}
	used := v.mobile(groups[1:])
	if used == 0 && (zeros || v.at(g.start-1) == '+') {
		used = v.landLine(groups[1:], func(g digitGroup) bool { return v.at(g.start) != '0' && (g.size() == 2 || g.size() == 3) })
	}
	if used == 0 {
		return 0
	}
	return used + 1
}

// mobile knows 1[3-9] and nine digits more, together, in the usual groups, or behind 86.
func (v *contactView) mobile(groups []digitGroup) int {
	g := groups[0]
	at := g.start
	switch {
	case g.size() == 13 && v.has(at, []rune("86")):
		at += 2
	case g.size() == 15 && v.has(at, []rune("0086")):
		at += 4
	}
	if v.at(at) != '1' || v.at(at+1) < '3' {
		return 0
	}
	if g.end-at == 11 {
		return 1
	}
	return v.grouped(groups, " -.·", []int{3, 4, 4}, []int{3, 8}, []int{4, 3, 4}, []int{4, 4, 3},
		[]int{3, 3, 5}, []int{5, 6}, []int{7, 4}, []int{6, 5}, []int{5, 3, 3})
}

// service knows 400 and 800 numbers of ten digits.
func (v *contactView) service(groups []digitGroup) int {
	g := groups[0]
	if !v.has(g.start, []rune("400")) && !v.has(g.start, []rune("800")) {
		return 0
	}
	return v.grouped(groups, " -", []int{10}, []int{3, 3, 4}, []int{3, 7}, []int{3, 4, 3}, []int{4, 3, 3}, []int{6, 4})
}

// areaCode reports whether g can be the area code of a land line: 010, 02x or 0xxx.
func (v *contactView) areaCode(g digitGroup) bool {
	return (g.size() == 3 || g.size() == 4) && v.at(g.start) == '0' && v.at(g.start+1) != '0'
}

// landLine knows an area code with seven or eight digits behind it, or all in one.
func (v *contactView) landLine(groups []digitGroup, area func(digitGroup) bool) int {
	g := groups[0]
	if (g.size() == 11 || g.size() == 12) && v.at(g.start) == '0' && v.at(g.start+1) != '0' {
		return 1
	}
	if !area(g) || !v.joined(groups, 1, " -)") {
		return 0
	}
	used := v.grouped(groups[1:], " -", []int{4, 4}, []int{3, 4}, []int{8}, []int{7})
	if used == 0 {
		return 0
	}
	return used + 1
}

// grouped returns the number of groups of the first pattern of sizes that the
// groups have, 0 if they have none.
func (v *contactView) grouped(groups []digitGroup, between string, patterns ...[]int) int {
	for _, sizes := range patterns {
		if len(groups) < len(sizes) {
			continue
		}
		fits := true
		for i, size := range sizes {
			fits = fits && groups[i].size() == size && (i == 0 || v.joined(groups, i, between))
		}
		if fits {
			return len(sizes)
		}
	}
	return 0
}

// joined reports whether nothing but up to three of the characters stands
// between group i and the one before it.
func (v *contactView) joined(groups []digitGroup, i int, between string) bool {
	if i >= len(groups) {
		return false
	}
	gap := v.text[groups[i-1].end:groups[i].start]
	if len(gap) > 3 {
		return false
	}
	return !slices.ContainsFunc(gap, func(r rune) bool { return !slices.Contains([]rune(between), r) })
}

// extended returns the end of a number with its extension (转 8001, -801) and
// the last digits of further lines (0510-82731234/82731235).
func (v *contactView) extended(groups []digitGroup) int {
	end := groups[len(groups)-1].end
	for v.at(end) == '/' || v.at(end) == '、' {
		stop := v.while(end+1, isDigit)
		if n := stop - end - 1; n != 7 && n != 8 {
			break
		}
		end = stop
	}
	blank := func(r rune) bool { return r == ' ' || r == '-' || r == '.' }
	from := v.while(end, blank)
	hyphen := slices.Contains(v.text[end:from], '-')
	for _, word := range []string{"转", "分机", "ext"} {
		if w := []rune(word); v.has(from, w) {
			from, hyphen = v.while(from+len(w), blank), true
			break
		}
	}
	stop := v.while(from, isDigit)
	if n := stop - from; hyphen && n > 0 && n <= 6 {
		return stop
	}
	return end
}
