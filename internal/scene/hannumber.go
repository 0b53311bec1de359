package scene

// HanNumber reads a Chinese number below 10,000, ordinary or financial: 三百, 十二,
// 叁佰伍拾. One that people read in two ways (三百五) or that is no number (二三) is not read.
func HanNumber(s string) (n int, ok bool) {
	digit, last, zero := 0, 10_000, false
	for _, r := range s {
		d, isDigit := hanDigit(r)
		unit := hanUnit(r)
		switch {
		case isDigit && digit > 0, !isDigit && (unit == 0 || unit >= last):
			return 0, false
		case isDigit:
			digit, zero = d, zero || d == 0
			continue
		case digit == 0 && unit != 10: // 十二 is 一十二, and 百二 is nothing
			return 0, false
		}
		n += max(digit, 1) * unit
		digit, last, zero = 0, unit, false
	}
	if short := digit > 0 && last > 10 && last < 10_000; short && !zero {
		return 0, false
	}
	return n + digit, s != ""
}

// hanDigit returns the value of a Chinese digit, ordinary or financial.
func hanDigit(r rune) (int, bool) {
	switch r {
	case '零', '〇':
		return 0, true
	case '一', '壹':
		return 1, true
	case '二', '两', '贰', '貳':
		return 2, true
	case '三', '叁':
		return 3, true
	case '四', '肆':
		return 4, true
	case '五', '伍':
		return 5, true
	case '六', '陆':
		return 6, true
	case '七', '柒':
		return 7, true
	case '八', '捌':
		return 8, true
	case '九', '玖':
		return 9, true
	}
	return 0, false
}

// hanUnit returns the value of a unit within a Chinese number below 10,000.
func hanUnit(r rune) int {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	}
	return 0
}
