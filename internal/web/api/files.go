package api

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"jinghe/internal/attach"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// File is a document or a picture that belongs to an entry or a showcase.
type File struct {
	ID     scene.ID  `json:"id"`
	Name   string    `json:"name" example:"方案.pdf"`
	Type   string    `json:"type" example:"application/pdf" doc:"Media type, told by the content."`
	Size   int64     `json:"size" doc:"Bytes."`
	Digest string    `json:"digest" doc:"SHA-256 of the content, in hex."`
	Role   string    `json:"role,omitempty" enum:"before,after" doc:"Of a picture of a showcase."`
	Alt    string    `json:"alt,omitempty" doc:"What a picture shows."`
	Width  int       `json:"width,omitempty" doc:"Of a picture, in pixels."`
	Height int       `json:"height,omitempty"`
	Added  time.Time `json:"added"`
	URL    string    `json:"url" doc:"Where its content is; a path where the service does not know its own address."`
}

// FileList is the files of one entry or showcase.
type FileList struct {
	Items []File `json:"items" nullable:"false"`
}

type filesInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of what the files belong to."`
}

type fileInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of what the file belongs to."`
	File string `path:"file" maxLength:"64" doc:"Id of the file."`
}

type fileAdded struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of what the file belongs to."`
	Name    string `query:"name" required:"true" minLength:"1" maxLength:"200" example:"plan.pdf" doc:"Name of the file, with its ending."`
	RawBody []byte `contentType:"application/octet-stream"`
}

type pictureAdded struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the showcase."`
	Name    string `query:"name" required:"true" minLength:"1" maxLength:"200" example:"before.jpg" doc:"Name of the file, with its ending."`
	RawBody []byte `contentType:"application/octet-stream"`
	Role    string `query:"role" required:"true" enum:"before,after" example:"before" doc:"Before or after the use."`
	Alt     string `query:"alt" required:"true" minLength:"1" maxLength:"200" example:"下穿通道积水及膝" doc:"What it shows, for those who do not see it."`
}

// content is a file as it is given out.
type content struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	ETag        string `header:"ETag"`
	Body        []byte
}

// contentPolicy keeps a file that a browser opens from doing anything there.
const contentPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

// MoreBody is what an operation takes besides a JSON document of 1 MiB, in bytes,
// by the path on which it was mounted; 0 for most.
func MoreBody(path string) int64 {
	switch path, ok := strings.CutPrefix(path, Prefix); {
	case !ok:
		return 0
	case path == exchangePath:
		return MaxExchange
	case strings.HasSuffix(path, "/files") || strings.HasSuffix(path, "/pictures"):
		return attach.MaxSize
	}
	return 0
}

func exampleFile() File {
	return File{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0F1", Name: "方案.pdf", Type: "application/pdf", Size: 482133,
		Digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", Added: time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC),
		URL: Prefix + "/files/01J9ZD3V5W8QJ7R2K4M6N8P0F1",
	}
}

func examplePicture() File {
	f := exampleFile()
	f.Name, f.Type, f.Role, f.Alt, f.Width, f.Height = "积水点.jpg", "image/jpeg", "before", "下穿通道积水及膝", 1600, 900
	return f
}

// mountFiles registers the files of entries and the pictures of showcases. What
// may be loaded and changed is decided by internal/attach.
func (a *API) mountFiles() {
	a.download()
	for _, kind := range []struct {
		noun scene.Kind
		path string
	}{{scene.KindOpportunity, "/opportunities"}, {scene.KindCapability, "/capabilities"}} {
		noun, own := string(kind.noun), "/entries"+kind.path+"/{id}/files"
		get(a, operation{
			"list-files-of-" + noun, kind.path + "/{id}/files", edge.Visitor, tagOf(kind.noun), "附件 · Files of a public entry", "",
			FileList{Items: []File{exampleFile()}},
		}, a.filesOf(noun, true))
		get(a, operation{
			"list-own-files-of-" + noun, own, edge.May(scene.ListingRead), tagEntries, "附件 · Files of an entry in whatever state", "",
			FileList{Items: []File{exampleFile()}},
		}, a.filesOf(noun, false))
		accept(a, operation{
			"add-file-to-" + noun, own, edge.May(scene.ListingEdit), tagEntries, "上传附件 · Add a file to an entry",
			"The body is the file itself: PDF, Word, Excel or a picture, of at most 10 MiB; ten files of 40 MiB together. A file that is there already is a 409.",
			exampleFile(),
		}, func(ctx context.Context, in *fileAdded) (*stored[File], error) {
			return a.addFile(ctx, noun, in, "", "")
		})
		a.removal(operation{
			"remove-file-from-" + noun, own + "/{file}", edge.May(scene.ListingEdit), tagEntries, "删除附件 · Remove a file from an entry",
			"Answers with what was removed.", exampleFile(),
		}, noun)
	}
	const pictures = "/showcases/{id}/pictures"
	may := edge.May(scene.ShowcaseManage)
	get(a, operation{
		"list-pictures", pictures, edge.Visitor, tagLists, "案例图片 · Pictures of a showcase", "", FileList{Items: []File{examplePicture()}},
	}, a.filesOf(scene.NounShowcase, true))
	accept(a, operation{
		"add-picture", pictures, may, tagLists, "上传图片 · Add a picture to a showcase",
		"The body is the picture itself: PNG, JPEG or WebP. What it says of camera and place is taken out.", examplePicture(),
	}, func(ctx context.Context, in *pictureAdded) (*stored[File], error) {
		return a.addFile(ctx, scene.NounShowcase, &fileAdded{in.ID, in.Name, in.RawBody}, in.Role, in.Alt)
	})
	a.removal(operation{
		"remove-picture", pictures + "/{file}", may, tagLists, "删除图片 · Remove a picture from a showcase", "Answers with what was removed.", examplePicture(),
	}, scene.NounShowcase)
}

func tagOf(kind scene.Kind) string {
	if kind == scene.KindCapability {
		return tagCapabilities
	}
	return tagOpportunities
}

// octets is the media type of what is sent and given out as it is.
const octets = "application/octet-stream"

// binary describes what is no JSON document.
func binary() map[string]*huma.MediaType {
	return map[string]*huma.MediaType{octets: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}

// accept registers an operation that takes a file as it is.
func accept[I any](a *API, o operation, handle func(context.Context, *I) (*stored[File], error)) {
	d := a.described(http.MethodPost, http.StatusCreated, o)
	d.RequestBody = &huma.RequestBody{Required: true, Content: binary()}
	d.Parameters = append(d.Parameters, idempotency())
	huma.Register(a.huma, d, told(a, o.id, handle))
	a.operations = append(a.operations, Operation{o.id, http.MethodPost, Prefix + echoPath(o.path), o.may, o.tag})
}

// download registers the content of files.
func (a *API) download() {
	o := operation{
		id: "download-file", path: "/files/{id}", may: edge.Visitor, tag: tagLists, summary: "下载附件 · The content of a file",
		text: "Of a public entry or showcase to everybody, else to a token whose owner may read what it belongs to.",
	}
	answer := told(a, o.id, a.file)
	d := a.described(http.MethodGet, http.StatusOK, o)
	d.Responses["200"].Content = binary()
	huma.Register(a.huma, d, answer)
	huma.Register(a.huma, huma.Operation{
		OperationID: "head-" + o.id, Method: http.MethodHead, Path: o.path, Hidden: true, Metadata: map[string]any{permissionKey: o.may},
	}, answer)
	a.operations = append(a.operations, Operation{o.id, http.MethodGet, Prefix + echoPath(o.path), o.may, o.tag})
}

func (a *API) file(ctx context.Context, in *itemInput) (*content, error) {
	f, raw, err := a.Services.Files.Open(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.file", err)
	}
	tag := `"` + f.Digest + `"`
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &content{f.Type, mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}), contentPolicy, tag, raw}, nil
}

// filesOf lists files. Where visitors ask, what they may not see is not there.
func (a *API) filesOf(noun string, public bool) func(context.Context, *filesInput) (*body[FileList], error) {
	return func(ctx context.Context, in *filesInput) (*body[FileList], error) {
		all, err := a.Services.Files.Of(ctx, actorOf(ctx), noun, scene.ID(in.ID))
		if code := scene.CodeOf(err); public && (code == scene.Forbidden || code == scene.Unauthorized) {
			err = &scene.Error{Code: scene.NotFound, Op: "api.filesOf", Key: "web.not_found"}
		}
		if err != nil {
			return nil, scene.Wrap("api.filesOf", err)
		}
		out := &body[FileList]{FileList{Items: make([]File, len(all))}}
		for i := range all {
			out.Body.Items[i] = a.fileOf(&all[i])
		}
		return out, nil
	}
}

func (a *API) fileOf(f *scene.Attachment) File {
	return File{
		ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Digest: f.Digest, Role: string(f.Role), Alt: f.Alt, Width: f.Width, Height: f.Height,
		Added: f.Added, URL: a.PublicURL + Prefix + "/files/" + string(f.ID),
	}
}

func (a *API) addFile(ctx context.Context, noun string, in *fileAdded, role, alt string) (*stored[File], error) {
	f, err := a.Services.Files.Add(ctx, actorOf(ctx), scene.Attachment{
		Noun: noun, Row: scene.ID(in.ID), Name: in.Name, Role: scene.PictureRole(role), Alt: alt,
	}, in.RawBody)
	if err != nil {
		return nil, scene.Wrap("api.addFile", err)
	}
	out := a.fileOf(&f)
	return &stored[File]{Status: http.StatusCreated, ETag: `"` + f.Digest + `"`, Location: out.URL, Body: out}, nil
}

// removal registers the removing of files.
func (a *API) removal(o operation, noun string) {
	change(a, http.MethodDelete, http.StatusOK, nil, o, func(ctx context.Context, in *fileInput) (*body[File], error) {
		by, row, id := actorOf(ctx), scene.ID(in.ID), scene.ID(in.File)
		all, err := a.Services.Files.Of(ctx, by, noun, row)
		if err == nil {
			err = a.Services.Files.Remove(ctx, by, noun, row, id)
		}
		if err != nil {
			return nil, scene.Wrap("api.removeFile", err)
		}
		out := &body[File]{}
		for i := range all {
			if all[i].ID == id {
				out.Body = a.fileOf(&all[i])
			}
		}
		return out, nil
	})
}
