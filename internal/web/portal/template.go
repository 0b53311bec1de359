package portal

import (
	"bytes"
	"mime"
	"net/http"
	"sync"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/transfer"
	"jinghe/internal/web/backend"
)

// Template answers GET /templates/KIND.xlsx with a workbook to fill in: for staff,
// who import it, for an enterprise, whose form is filled from it, and for whoever
// asks his departments for lists. It holds nothing but the dictionaries, so that
// anybody may have it.
func (p *Portal) Template(kind scene.Kind) echo.HandlerFunc {
	return func(c echo.Context) error {
		v := p.visit(c)
		book, err := p.templates.find(kind, v.lang, v.dict)
		if err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": v.t("web.template."+string(kind)) + ".xlsx"}))
		return c.Blob(http.StatusOK, backend.WorkbookType, book)
	}
}

// templates keeps the workbooks of the dictionaries in force: anybody may ask for
// one, and it takes ten times the work of a page. It is safe for concurrent use.
type templates struct {
	mu      sync.Mutex
	version string // of the dictionaries
	books   map[templateKey][]byte
}

type templateKey struct {
	kind scene.Kind
	lang locale.Lang
}

// find returns a workbook, which nobody may change.
func (t *templates) find(kind scene.Kind, lang locale.Lang, d *scene.Dictionaries) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.books == nil || t.version != d.Version() {
		t.version, t.books = d.Version(), map[templateKey][]byte{}
	}
	key := templateKey{kind, lang}
	if book := t.books[key]; book != nil {
		return book, nil
	}
	var b bytes.Buffer
	if err := transfer.WriteTemplate(&b, kind, d, lang); err != nil {
		return nil, err
	}
	t.books[key] = b.Bytes()
	return t.books[key], nil
}
