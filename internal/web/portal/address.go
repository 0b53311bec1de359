package portal

import (
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"jinghe/internal/web/ui"
	"jinghe/search"
)

// maxPageNumber bounds ?page: beyond it every list has ended.
const maxPageNumber = 100_000

// readPageNumber reads ?page=N, 1 where there is none.
func readPageNumber(c echo.Context) int {
	n, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil {
		return 1
	}
	return min(max(n, 1), maxPageNumber)
}

// withPage is the address of a page of a list; the first one goes without number.
func withPage(path string, values url.Values, page int) string {
	if page > 1 {
		values.Set("page", strconv.Itoa(page))
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

func noHit() search.Hit { return search.Hit{} }

// feeds are the feeds that tell of what a page lists, told in its head.
func (v *visit) feeds(of url.Values, name string) []ui.Link {
	path := "/feed.atom"
	if len(of) > 0 {
		path += "?" + of.Encode()
	}
	return []ui.Link{{Text: v.t("web.feed.title", "name", name), URL: path}}
}
