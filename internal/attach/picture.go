package attach

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"jinghe/internal/scene"
)

const (
	// maxPixels bounds a picture: unpacked it takes four bytes for each.
	maxPixels = 24_000_000
	// quality is that of a JPEG which is written anew.
	quality = 88
)

// picture writes a PNG or JPEG anew from its pixels, upright. What it says of
// camera, place and author stays behind.
func (f *File) picture(content []byte) error {
	head, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || head.Width < 1 || head.Height < 1 {
		return fault(scene.Invalid, "attachment.damaged", nil)
	}
	if head.Width > maxPixels/head.Height {
		return fault(scene.Invalid, "attachment.pixels", map[string]any{"limit": maxPixels / 1_000_000})
	}
	pixels, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return fault(scene.Invalid, "attachment.damaged", nil)
	}
	var out bytes.Buffer
	if format == "jpeg" {
		pixels = upright(pixels, orientation(content))
		f.Type, err = typeJPEG, jpeg.Encode(&out, pixels, &jpeg.Options{Quality: quality})
	} else {
		f.Type, err = typePNG, png.Encode(&out, pixels)
	}
	if err != nil {
		return scene.Wrap("attach.picture", err)
	}
	f.Content, f.Width, f.Height = out.Bytes(), pixels.Bounds().Dx(), pixels.Bounds().Dy()
	return nil
}

// orientation reads how a camera was held from the EXIF part of a JPEG: 1 to 8
// as in TIFF 6.0, tag 0x0112; 1 where it does not say.
func orientation(content []byte) int {
	for at := 2; at+4 <= len(content) && content[at] == 0xFF; {
		marker, size := content[at+1], int(binary.BigEndian.Uint16(content[at+2:]))
		if marker == 0xDA || size < 2 || at+2+size > len(content) {
			break
		}
		if part := content[at+4 : at+2+size]; marker == 0xE1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")) {
			return tiffOrientation(part[6:])
		}
		at += 2 + size
	}
	return 1
}

func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > len(tiff) {
		return 1
	}
	for n, entry := int(order.Uint16(tiff[at:])), at+2; n > 0 && entry+12 <= len(tiff); n, entry = n-1, entry+12 {
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if o := int(order.Uint16(tiff[entry+8:])); o >= 1 && o <= 8 {
				return o
			}
			break
		}
	}
	return 1
}

// turned is a picture seen in another orientation.
type turned struct {
	image.Image
	as int
}

// upright turns a picture as its orientation says.
func upright(m image.Image, as int) image.Image {
	if as == 1 {
		return m
	}
	return turned{m, as}
}

// Bounds are those of the picture after it was turned.
func (t turned) Bounds() image.Rectangle {
	b := t.Image.Bounds()
	if t.as >= 5 {
		return image.Rect(0, 0, b.Dy(), b.Dx())
	}
	return image.Rect(0, 0, b.Dx(), b.Dy())
}

// At returns the color of a pixel.
func (t turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	if t.as >= 5 { // rows are columns
		x, y = y, x
	}
	if t.as == 2 || t.as == 3 || t.as == 7 || t.as == 8 {
		x = b.Dx() - 1 - x
	}
	if t.as == 3 || t.as == 4 || t.as == 6 || t.as == 7 {
		y = b.Dy() - 1 - y
	}
	return t.Image.At(b.Min.X+x, b.Min.Y+y)
}

// webp keeps the chunks of a WebP that hold pixels and leaves out those that
// tell of its origin (EXIF, XMP, and unknown ones): RFC 9649, 2.7.
func (f *File) webp(content []byte) error {
	damaged := fault(scene.Invalid, "attachment.damaged", nil)
	out := bytes.NewBuffer(append([]byte(nil), content[:12]...))
	for at := 12; at+8 <= len(content); {
		name, size := string(content[at:at+4]), int64(binary.LittleEndian.Uint32(content[at+4:]))
		end := int64(at) + 8 + size + size%2
		if end > int64(len(content)) {
			return damaged
		}
		chunk := bytes.Clone(content[at:end])
		switch name {
		case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP":
			f.measure(name, chunk[8:])
			out.Write(chunk)
		case "VP8X":
			if size < 10 {
				return damaged
			}
			chunk[8] &^= 0x08 | 0x04 // neither EXIF nor XMP follows
			f.measure(name, chunk[8:])
			out.Write(chunk)
		}
		at = int(end)
	}
	switch {
	case f.Width < 1 || f.Height < 1:
		return damaged
	case f.Width > maxPixels/f.Height:
		return fault(scene.Invalid, "attachment.pixels", map[string]any{"limit": maxPixels / 1_000_000})
	}
	kept := out.Bytes()
	binary.LittleEndian.PutUint32(kept[4:], uint32(len(kept)-8)) //nolint:gosec // at most MaxSize
	f.Type, f.Content = typeWebP, kept
	return nil
}

// measure reads the size of the picture from its first chunk that has one.
func (f *File) measure(name string, body []byte) {
	if f.Width > 0 {
		return
	}
	switch {
	case name == "VP8X" && len(body) >= 10:
		f.Width = 1 + (int(body[4]) | int(body[5])<<8 | int(body[6])<<16)
		f.Height = 1 + (int(body[7]) | int(body[8])<<8 | int(body[9])<<16)
	case name == "VP8 " && len(body) >= 10 && body[3] == 0x9D && body[4] == 0x01 && body[5] == 0x2A:
		f.Width = int(binary.LittleEndian.Uint16(body[6:])) & 0x3FFF
		f.Height = int(binary.LittleEndian.Uint16(body[8:])) & 0x3FFF
	case name == "VP8L" && len(body) >= 5 && body[0] == 0x2F:
		bits := binary.LittleEndian.Uint32(body[1:])
		f.Width, f.Height = int(bits&0x3FFF)+1, int(bits>>14&0x3FFF)+1
	}
}
