package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/web/ui"
)

// trust answers GET /trust: how a phone comes to trust the authority of this
// installation's own, without which it keeps no page for a hall that lost its network.
func (s *Server) trust(c echo.Context) error {
	p := s.frame.Page(c)
	p.Title, p.NoIndex, p.Desk, p.Fair = p.T("web.trust"), true, true, true
	sum := sha256.Sum256(s.config.TLSRoot)
	v := ui.FairDesk{Sections: []ui.FairSection{
		{
			ID: "root", Title: p.T("web.trust.get"), Text: p.T("web.trust.text"), Facts: []ui.Fact{{Label: p.T("web.trust.print"), Value: fingerprint(sum[:])}},
			Ways: []ui.Link{{Text: p.T("web.trust.download"), URL: "/trust/root.crt", Active: true}},
		},
		{ID: "how", Title: p.T("web.trust.how"), Lines: []string{
			p.T("web.trust.after"), p.T("web.trust.ios"), p.T("web.trust.android"), p.T("web.trust.windows"),
		}},
	}}
	return s.frame.Render(c, http.StatusOK, ui.FairDeskPage(p, v))
}

// fingerprint writes a digest as systems show it, to be compared by eye.
func fingerprint(sum []byte) string {
	text := strings.ToUpper(hex.EncodeToString(sum))
	var parts []string
	for i := 0; i < len(text); i += 2 {
		parts = append(parts, text[i:i+2])
	}
	return strings.Join(parts, " ")
}

// root answers GET /trust/root.crt.
func (s *Server) root(c echo.Context) error {
	c.Response().Header().Set("Content-Disposition", `attachment; filename="jinghe-root.crt"`)
	return c.Blob(http.StatusOK, "application/x-x509-ca-cert", s.config.TLSRoot)
}
