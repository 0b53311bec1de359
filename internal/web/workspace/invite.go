package workspace

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
)

// Invite answers POST /workspace/invitations: the link is on its page, for
// whoever made it to hand on, and in the mail if one was sent.
func (w *Workspace) Invite(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return &scene.Error{Code: scene.Invalid, Op: "workspace.Invite", Err: err}
	}
	var roles []scene.Role
	for _, r := range form["roles"] {
		roles = append(roles, scene.Role(r))
	}
	r := edge.From(c.Request().Context())
	path, err := w.accounts.Invite(c.Request().Context(), r.Actor, roles, c.FormValue("mail"), func(link string) (string, string) {
		return locale.Text(r.Lang, "account.letter.invite.subject", nil), locale.Text(r.Lang, "account.letter.invite", map[string]any{"link": link, "name": r.Who.Account.Name})
	})
	if frame.Mendable(err) {
		return w.home(c, edge.Status(scene.CodeOf(err)), "", err)
	}
	if err != nil {
		return err
	}
	return w.home(c, http.StatusOK, c.Scheme()+"://"+c.Request().Host+path, nil)
}
