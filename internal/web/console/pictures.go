package console

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"jinghe/internal/scene"
	"jinghe/internal/web/annex"
	"jinghe/internal/web/edge"
)

// AddPicture answers POST /console/showcases/:id/pictures.
func (o *Console) AddPicture(c echo.Context) error {
	return o.pictured(c, o.annex.Add(c, scene.NounShowcase, scene.ID(c.Param("id"))))
}

// RemovePicture answers POST /console/showcases/:id/pictures/:file/remove.
func (o *Console) RemovePicture(c echo.Context) error {
	return o.pictured(c, o.annex.Remove(c, scene.NounShowcase, scene.ID(c.Param("id"))))
}

// pictured goes back to the showcase, with what was wrong with a picture.
func (o *Console) pictured(c echo.Context, fault error) error {
	if annex.Mendable(fault) {
		s, err := o.oneShowcase(c)
		if err != nil {
			return err
		}
		return o.showcase(c, edge.Status(scene.CodeOf(fault)), &s, nil, fault)
	}
	if fault != nil {
		return fault
	}
	return c.Redirect(http.StatusSeeOther, showcases+"/"+c.Param("id"))
}
