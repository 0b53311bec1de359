package sqlrows

import (
	"encoding/base64"
	"strconv"
	"strings"

	"jinghe/internal/store"
)

// order names what a cursor counts by, so that a cursor of one question is
// not taken for that of another.
type order string

const (
	byID      order = "i"
	byNewest  order = "n"
	byBegan   order = "b"
	byPlace   order = "p"
	byAt      order = "a"
	byRelease order = "r"
)

// cursor is the place after a row: its number (a time or a position) and id.
type cursor struct {
	number int64
	id     string
}

func (c cursor) String(o order) string {
	return base64.RawURLEncoding.EncodeToString(
		[]byte(string(o) + strconv.FormatInt(c.number, 36) + "." + c.id))
}

// readPage checks a page and reads its cursor; start reports that it has none.
func readPage(p store.Page, o order) (limit int, c cursor, start bool, err error) {
	limit = p.Limit
	if limit == 0 {
		limit = store.DefaultPage
	}
	if limit < 1 || limit > store.MaxPage {
		return 0, c, false, invalid("store.page_limit", map[string]any{"limit": p.Limit, "max": store.MaxPage})
	}
	if p.After == "" {
		return limit, c, true, nil
	}
	c, ok := parseCursor(p.After, o)
	if !ok {
		return 0, c, false, invalid("store.cursor", nil)
	}
	return limit, c, false, nil
}

func parseCursor(s string, o order) (c cursor, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return c, false
	}
	text, ok := strings.CutPrefix(string(raw), string(o))
	if !ok {
		return c, false
	}
	number, id, ok := strings.Cut(text, ".")
	if !ok || plain(id) != id {
		return c, false
	}
	n, err := strconv.ParseInt(number, 36, 64)
	if err != nil {
		return c, false
	}
	return cursor{number: n, id: id}, true
}
