package scene

// Distance is the number of characters to add, leave out or change between a and b
// (Levenshtein).
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for k := range row {
		row[k] = k
	}
	for i := range x {
		last := row[0]
		row[0] = i + 1
		for k := range y {
			changed := last
			if x[i] != y[k] {
				changed++
			}
			last, row[k+1] = row[k+1], min(changed, row[k]+1, row[k+1]+1)
		}
	}
	return row[len(y)]
}
