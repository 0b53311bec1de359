package attach

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"jinghe/internal/scene"
)

// File is a file that was looked into.
type File struct {
	Name    string // without folders, with the ending of its type
	Type    string // media type
	Content []byte // as it is kept: of a picture without what it says of its origin
	// Width and Height are those of a picture, in pixels; 0 for other files.
	Width, Height int
}

// Bounds of what a packed file may unpack to.
const (
	maxUnpacked = 128 << 20 // bytes
	maxEntries  = 4000
	maxName     = 120 // characters
)

// The media types.
const (
	typePDF  = "application/pdf"
	typeDocx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typePNG  = "image/png"
	typeJPEG = "image/jpeg"
	typeWebP = "image/webp"
)

// endings are those that a name may have, by type.
func endings() map[string][]string {
	return map[string][]string{
		typePDF: {".pdf"}, typeDocx: {".docx"}, typeXlsx: {".xlsx"}, typePNG: {".png"}, typeJPEG: {".jpg", ".jpeg"}, typeWebP: {".webp"},
	}
}

func fault(code scene.Code, key string, args map[string]any) error {
	return &scene.Error{Code: code, Op: "attach", Key: key, Args: args, Fields: []scene.FieldError{{Field: "file", Key: key, Args: args}}}
}

// Inspect tells a file by its content: PDF, Word (.docx), Excel (.xlsx), PNG,
// JPEG or WebP. Anything else, one that is damaged, holds macros, unpacks to
// too much, or whose name says otherwise is Invalid, a longer one TooLarge.
// Pictures come back without what they say of camera, place and author.
func Inspect(name string, content []byte) (File, error) {
	f := File{Name: plainName(name)}
	switch {
	case len(content) == 0:
		return f, fault(scene.Invalid, "attachment.empty", nil)
	case len(content) > MaxSize:
		return f, fault(scene.TooLarge, "attachment.too_large", map[string]any{"limit": MaxSize >> 20})
	}
	if err := f.read(content); err != nil {
		return f, err
	}
	for _, ending := range endings()[f.Type] {
		if strings.EqualFold(path.Ext(f.Name), ending) {
			return f, nil
		}
	}
	if path.Ext(f.Name) == "" {
		f.Name += endings()[f.Type][0]
		return f, nil
	}
	return f, fault(scene.Invalid, "attachment.ending", map[string]any{"name": f.Name, "ending": endings()[f.Type][0]})
}

// read finds the type and what is kept of the content.
func (f *File) read(content []byte) error {
	switch {
	case bytes.HasPrefix(content, []byte("%PDF-")):
		f.Type, f.Content = typePDF, content
		if !bytes.Contains(content[max(0, len(content)-2048):], []byte("startxref")) {
			return fault(scene.Invalid, "attachment.damaged", nil)
		}
		return nil
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		f.Content = content
		return f.office(content)
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")), bytes.HasPrefix(content, []byte("\xFF\xD8\xFF")):
		return f.picture(content)
	case len(content) > 12 && string(content[:4]) == "RIFF" && string(content[8:12]) == "WEBP":
		return f.webp(content)
	}
	return fault(scene.Invalid, "attachment.type", nil)
}

// office looks into a packed document. Everything is unpacked and counted,
// since what a packed file says of its size may be a lie.
func (f *File) office(content []byte) error {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return fault(scene.Invalid, "attachment.damaged", nil)
	}
	if len(z.File) > maxEntries {
		return fault(scene.Invalid, "attachment.bomb", nil)
	}
	left, types := int64(maxUnpacked), ""
	for _, entry := range z.File {
		if strings.Contains(entry.Name, "..") || strings.HasPrefix(entry.Name, "/") || strings.Contains(entry.Name, `\`) {
			return fault(scene.Invalid, "attachment.damaged", nil)
		}
		if strings.EqualFold(path.Base(entry.Name), "vbaProject.bin") {
			return fault(scene.Invalid, "attachment.macro", nil)
		}
		n, text, err := unpack(entry, left)
		if err != nil {
			return err
		}
		if left -= n; left < 0 {
			return fault(scene.Invalid, "attachment.bomb", nil)
		}
		types += text
	}
	switch {
	case strings.Contains(types, "macroEnabled"):
		return fault(scene.Invalid, "attachment.macro", nil)
	case strings.Contains(types, "wordprocessingml.document.main+xml"):
		f.Type = typeDocx
	case strings.Contains(types, "spreadsheetml.sheet.main+xml"):
		f.Type = typeXlsx
	default:
		return fault(scene.Invalid, "attachment.type", nil)
	}
	return nil
}

// typesPart is the part of a document that names the types of the others.
const typesPart = "[Content_Types].xml"

// unpack counts the bytes of an entry, up to one more than are left, and returns
// those that name the types of a document.
func unpack(entry *zip.File, left int64) (n int64, text string, err error) {
	r, err := entry.Open()
	if err != nil {
		return 0, "", fault(scene.Invalid, "attachment.damaged", nil)
	}
	defer func() { _ = r.Close() }()
	bounded := io.LimitReader(r, left+1)
	if entry.Name == typesPart {
		raw, err := io.ReadAll(io.LimitReader(bounded, 1<<20))
		if err != nil {
			return 0, "", fault(scene.Invalid, "attachment.damaged", nil)
		}
		return int64(len(raw)), string(raw), nil
	}
	if n, err = io.Copy(io.Discard, bounded); err != nil {
		return n, "", fault(scene.Invalid, "attachment.damaged", nil)
	}
	return n, "", nil
}

// plainName takes folders and what cannot be seen out of a name.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"|?*`, r) {
			return -1
		}
		return r
	}, name))
	name = strings.TrimLeft(name, ".")
	if ending := path.Ext(name); utf8.RuneCountInString(name) > maxName && len(ending) < 10 {
		base := []rune(strings.TrimSuffix(name, ending))
		name = string(base[:maxName-len(ending)]) + ending
	}
	if name == "" || name == "/" {
		name = "file"
	}
	return name
}
