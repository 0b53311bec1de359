package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// File is a document or a picture that belongs to an entry or a showcase.
type File struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Type   string    `json:"type"` // media type, by the content
	Size   int64     `json:"size"` // bytes
	Digest string    `json:"digest"`
	Role   string    `json:"role"` // before or after, of a picture of a showcase
	Alt    string    `json:"alt"`
	Added  time.Time `json:"added"`
	URL    string    `json:"url"`
}

// Files lists the files at a path such as "/entries/capabilities/ID/files" or
// "/showcases/ID/pictures".
func (c *Client) Files(ctx context.Context, at string) ([]File, error) {
	out, _, err := send[struct{ Items []File }](ctx, c, http.MethodGet, at, nil, nil)
	return out.Items, err
}

// AddFile adds a file at such a path; h may hold [Once].
func (c *Client) AddFile(ctx context.Context, at, name string, content io.Reader, h Headers) (File, Answer, error) {
	return c.upload(ctx, at, url.Values{"name": {name}}, content, h)
}

// AddPicture adds a picture to a showcase: its role is before or after, alt says what it shows.
func (c *Client) AddPicture(ctx context.Context, showcase, name, role, alt string, content io.Reader, h Headers) (File, Answer, error) {
	q := url.Values{"name": {name}, "role": {role}, "alt": {alt}}
	return c.upload(ctx, "/showcases/"+url.PathEscape(showcase)+"/pictures", q, content, h)
}

func (c *Client) upload(ctx context.Context, at string, q url.Values, content io.Reader, h Headers) (File, Answer, error) {
	var out File
	a, err := c.ask(ctx, http.MethodPost, at+"?"+q.Encode(), content, "application/octet-stream", h, decoded(&out))
	return out, a, err
}

// RemoveFile removes a file from where [Client.Files] lists it.
func (c *Client) RemoveFile(ctx context.Context, at, file string) (File, Answer, error) {
	return send[File](ctx, c, http.MethodDelete, at+"/"+url.PathEscape(file), nil, nil)
}

// maxFile bounds what is read of a file, in bytes.
const maxFile = 16 << 20

// Download returns the content of a file.
func (c *Client) Download(ctx context.Context, file string) (content []byte, _ Answer, err error) {
	a, err := c.ask(ctx, http.MethodGet, "/files/"+url.PathEscape(file), nil, "", Headers{"Accept": "*/*"}, func(r io.Reader) error {
		content, err = io.ReadAll(io.LimitReader(r, maxFile+1))
		if err == nil && len(content) > maxFile {
			return fmt.Errorf("more than %d bytes", maxFile)
		}
		return err
	})
	return content, a, err
}
