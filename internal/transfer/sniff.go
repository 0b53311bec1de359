package transfer

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/richardlehane/mscfb"
)

const sniffed = 4096 // bytes that are looked at to tell a format

// sniff tells the format of a file by its content. Anything but a workbook or
// a delimited text is an error that says what it is and how to make it readable.
func sniff(name string, r io.ReaderAt, size int64, l Limits) (Format, error) {
	if size == 0 {
		return "", fileError(name, "transfer.empty", nil, nil)
	}
	if size > l.File {
		return "", fileError(name, "transfer.too_large", nil, map[string]any{"limit": l.File >> 20})
	}
	head := make([]byte, min(size, sniffed))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", fileError(name, "transfer.file_open", err, nil)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return XLSX, nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "", fileError(name, compound(r), nil, nil)
	case len(bytes.Trim(head, "\x00")) == 0:
		return "", fileError(name, "transfer.zeros", nil, nil)
	}
	if key := foreign(head); key != "" {
		return "", fileError(name, key, nil, nil)
	}
	if size > l.Text {
		return "", fileError(name, "transfer.too_large", nil, map[string]any{"limit": l.Text >> 20})
	}
	return CSV, nil
}

// foreign recognises other formats by their first bytes; "" if it may be text.
func foreign(head []byte) string {
	low := lowerASCII(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	for _, f := range []struct{ prefix, key string }{
		{"%pdf", "transfer.format_pdf"},
		{"{\\rtf", "transfer.format_word"},
		{"<!doctype html", "transfer.format_html"},
		{"<html", "transfer.format_html"},
		{"<table", "transfer.format_html"},
		{"<head", "transfer.format_html"},
		{"\xff\xd8\xff", "transfer.format_image"},
		{"\x89png", "transfer.format_image"},
		{"gif8", "transfer.format_image"},
		{"bm\x00", "transfer.format_image"},
		{"rar!", "transfer.format_archive"},
		{"7z\xbc\xaf", "transfer.format_archive"},
		{"\x1f\x8b", "transfer.format_archive"},
	} {
		if bytes.HasPrefix(low, []byte(f.prefix)) {
			return f.key
		}
	}
	if bytes.HasPrefix(low, []byte("<?xml")) {
		if bytes.Contains(low, []byte("urn:schemas-microsoft-com:office:spreadsheet")) {
			return "transfer.format_xml2003"
		}
		return "transfer.not_workbook"
	}
	if wideBOM(head) {
		return ""
	}
	if controls(head) {
		return "transfer.not_workbook"
	}
	return ""
}

// lowerASCII leaves bytes beyond ASCII alone, which bytes.ToLower does not.
func lowerASCII(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] += 'a' - 'A'
		}
	}
	return out
}

// wideBOM reports a byte order mark of UTF-16.
func wideBOM(b []byte) bool {
	return bytes.HasPrefix(b, []byte{0xff, 0xfe}) || bytes.HasPrefix(b, []byte{0xfe, 0xff})
}

// controls reports bytes that no text in any of our encodings has.
func controls(head []byte) bool {
	n := 0
	for _, b := range head {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != '\v' {
			n++
		}
	}
	return n*100 > len(head) || bytes.IndexByte(head, 0) >= 0
}

// compound tells the contents of an OLE2 compound file by its directory.
func compound(r io.ReaderAt) (key string) {
	key = "transfer.format_ole2"
	defer func() {
		if recover() != nil { // a damaged directory; the file is OLE2 all the same
			key = "transfer.format_ole2"
		}
	}()
	doc, err := mscfb.New(r)
	if err != nil {
		return key
	}
	const most = 1000
	for range most {
		entry, err := doc.Next()
		if err != nil {
			return key
		}
		switch strings.TrimRight(entry.Name, "\x00") {
		case "EncryptionInfo", "EncryptedPackage":
			return "transfer.format_encrypted"
		case "Workbook", "Book", "ETExtData":
			return "transfer.format_xls"
		case "WordDocument":
			return "transfer.format_word"
		}
	}
	return key
}

// inspect checks the parts of a zip file before anything is unpacked: that it
// is a workbook, and that it is no bomb.
func inspect(name string, r io.ReaderAt, size int64, l Limits) (*zip.Reader, error) {
	zr, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fileError(name, "transfer.truncated", err, nil)
	}
	if len(zr.File) > l.Parts {
		return nil, fileError(name, "transfer.too_packed", nil, map[string]any{"limit": l.Unpacked >> 20})
	}
	var total uint64
	kind := "transfer.not_workbook"
	for _, f := range zr.File {
		total += f.UncompressedSize64
		packed := max(f.CompressedSize64, 1)
		if f.UncompressedSize64 > uint64(l.Unpacked) || total > uint64(l.Unpacked) ||
			f.UncompressedSize64 > uint64(l.Part) && f.UncompressedSize64/packed > uint64(l.Ratio) {
			return nil, fileError(name, "transfer.too_packed", nil, map[string]any{"limit": l.Unpacked >> 20})
		}
		if f.Flags&1 != 0 {
			return nil, fileError(name, "transfer.format_encrypted", nil, nil)
		}
		if k, ok := partKind(f.Name); ok {
			kind = k
		}
	}
	if kind != "" {
		return nil, fileError(name, kind, nil, nil)
	}
	return zr, nil
}

// partKind tells what a zip file is from the name of one of its parts: "" for
// a workbook, else the key of what it is instead.
func partKind(name string) (string, bool) {
	if !utf8.ValidString(name) {
		return "", false
	}
	switch strings.ToLower(strings.ReplaceAll(name, "\\", "/")) {
	case "xl/workbook.xml":
		return "", true
	case "xl/workbook.bin":
		return "transfer.format_xlsb", true
	case "word/document.xml":
		return "transfer.format_word", true
	case "ppt/presentation.xml":
		return "transfer.format_slides", true
	case "content.xml":
		return "transfer.format_ods", true
	}
	return "", false
}
