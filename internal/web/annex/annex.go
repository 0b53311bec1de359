// Package annex is the files of entries and showcases on pages: their list, the
// form that takes one, and the address that gives one out.
//
// It stands on the fourth floor beside internal/web. Who may load and change a
// file is decided by internal/attach.
package annex

import (
	"cmp"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"jinghe/internal/attach"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/frame"
	"jinghe/internal/web/ui"
)

// Accept are the endings that a file may have, as a browser asks for them.
const (
	Accept        = ".pdf,.docx,.xlsx,.png,.jpg,.jpeg,.webp"
	AcceptPicture = ".png,.jpg,.jpeg,.webp"
)

// policy keeps a file that a browser opens in a tab from doing anything there.
const policy = "default-src 'none'; sandbox; frame-ancestors 'none'"

// Annex holds the handlers. It is safe for concurrent use.
type Annex struct{ files *attach.Service }

// New returns the pages over files.
func New(files *attach.Service) *Annex { return &Annex{files} }

// URL is the address of a file.
func URL(id scene.ID) string { return "/files/" + string(id) }

// Open answers GET /files/:id to who may read what the file belongs to. Pictures
// of showcases are shown in their page, everything else is saved.
func (x *Annex) Open(c echo.Context) error {
	a, content, err := x.files.Open(c.Request().Context(), edge.From(c.Request().Context()).Actor, scene.ID(c.Param("id")))
	if err != nil {
		return err
	}
	h := c.Response().Header()
	way := "attachment"
	if a.Noun == scene.NounShowcase {
		way = "inline"
	}
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": a.Name}))
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "private, no-cache")
	tag := `"` + a.Digest + `"`
	h.Set("ETag", tag)
	if strings.Contains(c.Request().Header.Get("If-None-Match"), tag) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, a.Type, content)
}

// Add takes the file of a form for that row.
func (x *Annex) Add(c echo.Context, noun string, row scene.ID) error {
	ctx := c.Request().Context()
	name, content, err := read(c)
	if err != nil {
		return err
	}
	_, err = x.files.Add(ctx, edge.From(ctx).Actor, scene.Attachment{
		Noun: noun, Row: row, Name: name, Role: scene.PictureRole(c.FormValue("role")), Alt: c.FormValue("alt"),
	}, content)
	return err
}

// Remove removes the file that the address names.
func (x *Annex) Remove(c echo.Context, noun string, row scene.ID) error {
	ctx := c.Request().Context()
	return x.files.Remove(ctx, edge.From(ctx).Actor, noun, row, scene.ID(c.Param("file")))
}

// read takes the file of a form, at most one byte more than is kept.
func read(c echo.Context) (name string, content []byte, err error) {
	head, err := c.FormFile("file")
	if err != nil {
		return "", nil, &scene.Error{
			Code: scene.Invalid, Op: "annex.read", Key: "upload.none", Err: err, Fields: []scene.FieldError{{Field: "file", Key: "upload.none"}},
		}
	}
	f, err := head.Open()
	if err != nil {
		return "", nil, scene.Wrap("annex.read", err)
	}
	defer func() { _ = f.Close() }()
	content, err = io.ReadAll(io.LimitReader(f, attach.MaxSize+1))
	return head.Filename, content, scene.Wrap("annex.read", err)
}

// Files lists the files of a row. With here, the address below which they are
// added and removed, the list can be changed; fault is what was wrong with the last try.
func (x *Annex) Files(c echo.Context, p *ui.Page, noun string, row scene.ID, here string, fault error) (*ui.Files, error) {
	if x.files == nil {
		return nil, nil //nolint:nilnil // no files, no list
	}
	ctx := c.Request().Context()
	all, err := x.files.Of(ctx, edge.From(ctx).Actor, noun, row)
	if err != nil && (here != "" || scene.CodeOf(err) != scene.NotFound) { // what only is to be read comes without rather than not at all
		return nil, err
	}
	v := &ui.Files{}
	for i := range all {
		v.Rows = append(v.Rows, fileRow(p, &all[i], here))
	}
	if here != "" {
		v.Add = &ui.FileForm{Action: here, Accept: Accept, Limit: attach.MaxSize >> 20, Count: attach.MaxFiles}
		if noun == scene.NounShowcase {
			v.Add.Picture, v.Add.Accept = true, AcceptPicture
			v.Add.Alt, v.Add.After = c.FormValue("alt"), c.FormValue("role") == string(scene.RoleAfter)
		}
		if fault != nil {
			v.Add.Fault = cmp.Or(frame.Faults(p.Lang, fault)["file"], frame.Sentence(p.Lang, fault))
		}
	}
	if len(v.Rows) == 0 && v.Add == nil {
		return nil, nil //nolint:nilnil // nothing to show
	}
	return v, nil
}

// Pictures are the pictures of a showcase, those before and those after.
func (x *Annex) Pictures(c echo.Context, row scene.ID) (before, after []ui.Picture, err error) {
	if x.files == nil {
		return nil, nil, nil
	}
	ctx := c.Request().Context()
	all, err := x.files.Of(ctx, edge.From(ctx).Actor, scene.NounShowcase, row)
	if scene.CodeOf(err) == scene.NotFound {
		err = nil
	}
	for i := range all {
		if all[i].Role == scene.RoleAfter {
			after = append(after, picture(&all[i]))
		} else {
			before = append(before, picture(&all[i]))
		}
	}
	return before, after, err
}

func picture(a *scene.Attachment) ui.Picture {
	return ui.Picture{URL: URL(a.ID), Alt: a.Alt, Width: strconv.Itoa(a.Width), Height: strconv.Itoa(a.Height)}
}

func fileRow(p *ui.Page, a *scene.Attachment, here string) ui.FileRow {
	row := ui.FileRow{Name: a.Name, URL: URL(a.ID), Note: p.T("web.files.note", "type", kind(p, a.Type), "size", size(a.Size)), Alt: a.Alt}
	if a.Role != "" {
		pic := picture(a)
		row.Picture, row.Role = &pic, p.T("web.showcase."+string(a.Role))
	}
	if here != "" {
		row.Remove = &ui.Form{Action: here + "/" + string(a.ID) + "/remove", Buttons: []ui.Button{{Label: p.T("web.files.remove"), Danger: true, Of: a.Name}}}
	}
	return row
}

// kind names a media type.
func kind(p *ui.Page, mediaType string) string {
	if strings.HasPrefix(mediaType, "image/") {
		return p.T("web.files.picture")
	}
	_, last, _ := strings.Cut(mediaType, "/")
	name := map[string]string{"pdf": "PDF"}[last]
	switch {
	case strings.Contains(last, "wordprocessing"):
		name = "Word"
	case strings.Contains(last, "spreadsheet"):
		name = "Excel"
	}
	return name
}

func size(n int64) string {
	if n >= 1<<20 {
		return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MiB"
	}
	return strconv.FormatInt((n+1023)>>10, 10) + " KiB"
}

// Mendable reports whether the page can say what is wrong with a file.
func Mendable(err error) bool {
	return frame.Mendable(err) || scene.CodeOf(err) == scene.TooLarge
}
