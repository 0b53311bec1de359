package store_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"jinghe/internal/store"
)

// TestEach: every row of every page is handed over, once and in order, until
// reading or the receiver fails.
func TestEach(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		pages    [][]int
		failRead int // which page cannot be read, -1 for none
		failAt   int // which row the receiver refuses, 0 for none
		want     []int
		err      error
	}{
		"None":     {[][]int{nil}, -1, 0, nil, nil},
		"One":      {[][]int{{1, 2}}, -1, 0, []int{1, 2}, nil},
		"Several":  {[][]int{{1, 2}, nil, {3}}, -1, 0, []int{1, 2, 3}, nil},
		"Unread":   {[][]int{{1, 2}, {3}}, 1, 0, []int{1, 2}, broken},
		"Refused":  {[][]int{{1, 2}, {3}}, -1, 2, []int{1, 2}, broken},
		"NotFirst": {[][]int{{1}}, 0, 0, nil, broken},
	} {
		var got []int
		err := store.Each(func(p store.Page) (store.Rows[int], error) {
			at, _ := strconv.Atoi(p.After) // "" is the first
			if p.Limit != store.MaxPage || at == tt.failRead {
				return store.Rows[int]{}, broken
			}
			rows := store.Rows[int]{Items: slices.Clone(tt.pages[at])}
			if at+1 < len(tt.pages) {
				rows.Next = strconv.Itoa(at + 1)
			}
			return rows, nil
		}, func(n *int) error {
			if got = append(got, *n); *n == tt.failAt {
				return broken
			}
			return nil
		})
		if !slices.Equal(got, tt.want) || !errors.Is(err, tt.err) {
			t.Errorf("%s: %v, %v; want %v, %v", name, got, err, tt.want, tt.err)
		}
	}
}
