package portal

import (
	"bytes"
	"mime"
	"net/http"

	"github.com/labstack/echo/v4"

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
		var b bytes.Buffer
		if err := transfer.WriteTemplate(&b, kind, v.dict, v.lang); err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": v.t("web.template."+string(kind)) + ".xlsx"}))
		return c.Blob(http.StatusOK, backend.WorkbookType, b.Bytes())
	}
}
