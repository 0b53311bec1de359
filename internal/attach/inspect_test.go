package attach

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
)

const aPDF = "%PDF-1.7\n1 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"

// packed makes a zip of named parts.
func packed(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func wordTypes(kind string) string {
	return `<Types><Override ContentType="application/vnd.openxmlformats-officedocument.` + kind + `"/></Types>`
}

func docx(t testing.TB, more ...string) []byte {
	t.Helper()
	return packed(t, append([]string{typesPart, wordTypes("wordprocessingml.document.main+xml"), "word/document.xml", "<w/>"}, more...)...)
}

// shade is a picture whose upper left corner alone is light.
func shade(w, h int) image.Image {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for x := range w / 4 {
		for y := range h / 4 {
			m.SetGray(x, y, color.Gray{255})
		}
	}
	return m
}

func aPNG(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, shade(40, 20)); err != nil {
		t.Fatal(err)
	}
	if text == "" {
		return b.Bytes()
	}
	chunk := append([]byte("tEXt"), text...) // after the head of 33 bytes
	var out bytes.Buffer
	out.Write(b.Bytes()[:33])
	_ = binary.Write(&out, binary.BigEndian, uint32(len(text)))
	out.Write(chunk)
	_ = binary.Write(&out, binary.BigEndian, crc32.ChecksumIEEE(chunk))
	out.Write(b.Bytes()[33:])
	return out.Bytes()
}

// aJPEG is a picture as a camera writes it, held that way.
func aJPEG(t testing.TB, held byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, shade(40, 20), nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), held, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 31.57N 120.30E"...)
	var out bytes.Buffer
	out.Write([]byte{0xFF, 0xD8, 0xFF, 0xE1})
	_ = binary.Write(&out, binary.BigEndian, uint16(len(exif)+2)) //nolint:gosec // a few bytes
	out.Write(exif)
	out.Write(b.Bytes()[2:])
	return out.Bytes()
}

func chunk(name, body string) string {
	size := binary.LittleEndian.AppendUint32(nil, uint32(len(body))) //nolint:gosec // a few bytes
	return name + string(size) + body + strings.Repeat("\x00", len(body)%2)
}

func aWebP() []byte {
	body := chunk("VP8X", "\x0c\x00\x00\x00\x27\x00\x00\x13\x00\x00") + chunk("VP8L", "\x2f\x27\xc0\x04\x00") + chunk("EXIF", "GPS 31.57N") + chunk("XMP ", "author")
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(4+len(body)))) + "WEBP" + body) //nolint:gosec // a few bytes
}

func keyOf(err error) string {
	if e, ok := errors.AsType[*scene.Error](err); ok {
		return e.Key
	}
	return ""
}

func TestInspect(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file    string
		content []byte
		want    string // name, or the key of the fault
		kind    string
	}{
		"PDF":        {"检测报告.pdf", []byte(aPDF), "检测报告.pdf", typePDF},
		"Docx":       {"方案.DOCX", docx(t), "方案.DOCX", typeDocx},
		"Xlsx":       {"a.xlsx", packed(t, typesPart, wordTypes("spreadsheetml.sheet.main+xml")), "a.xlsx", typeXlsx},
		"PNG":        {"a.png", aPNG(t, ""), "a.png", typePNG},
		"JPEG":       {"a.jpeg", aJPEG(t, 1), "a.jpeg", typeJPEG},
		"WebP":       {"a.webp", aWebP(), "a.webp", typeWebP},
		"NoEnding":   {"报告", []byte(aPDF), "报告.pdf", typePDF},
		"Climbing":   {`..\..\/etc/../报告.pdf`, []byte(aPDF), "报告.pdf", typePDF},
		"OnlyDots":   {"../..", []byte(aPDF), "file.pdf", typePDF},
		"Control":    {"报\x00告\u202Efdp.pdf", []byte(aPDF), "报告fdp.pdf", typePDF},
		"LongName":   {strings.Repeat("长", 300) + ".pdf", []byte(aPDF), strings.Repeat("长", 116) + ".pdf", typePDF},
		"Empty":      {"a.pdf", nil, "attachment.empty", ""},
		"TooLong":    {"a.pdf", append([]byte(aPDF), make([]byte, MaxSize)...), "attachment.too_large", ""},
		"Program":    {"a.pdf", []byte("MZ\x90\x00"), "attachment.type", ""},
		"Page":       {"a.pdf", []byte("<html><script>alert(1)</script>"), "attachment.type", ""},
		"OldWord":    {"a.doc", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "attachment.type", ""},
		"OtherName":  {"a.exe", []byte(aPDF), "attachment.ending", ""},
		"CutPDF":     {"a.pdf", []byte("%PDF-1.7\n"), "attachment.damaged", ""},
		"CutPNG":     {"a.png", aPNG(t, "")[:60], "attachment.damaged", ""},
		"CutZip":     {"a.docx", docx(t)[:50], "attachment.damaged", ""},
		"CutWebP":    {"a.webp", aWebP()[:40], "attachment.damaged", ""},
		"PlainZip":   {"a.docx", packed(t, "a.txt", "x"), "attachment.type", ""},
		"Macro":      {"a.docx", docx(t, "word/vbaProject.bin", "x"), "attachment.macro", ""},
		"MacroType":  {"a.xlsx", packed(t, typesPart, wordTypes("spreadsheetml.sheet.main+xml")+"macroEnabled"), "attachment.macro", ""},
		"Climbs":     {"a.docx", docx(t, "../../etc/cron.d/x", "x"), "attachment.damaged", ""},
		"Bomb":       {"a.docx", docx(t, "word/media/0", strings.Repeat("\x00", maxUnpacked+1)), "attachment.bomb", ""},
		"ManyParts":  {"a.docx", docx(t, slices.Repeat([]string{"x", ""}, maxEntries)...), "attachment.bomb", ""},
		"HugePixels": {"a.png", hugePNG(), "attachment.pixels", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := Inspect(tt.file, tt.content)
			if tt.kind == "" {
				if keyOf(err) != tt.want || !locale.Has(locale.Zh, tt.want) || !locale.Has(locale.En, tt.want) {
					t.Errorf("%v, want %q", err, tt.want)
				}
				return
			}
			if err != nil || f.Name != tt.want || f.Type != tt.kind || len(f.Content) == 0 {
				t.Errorf("%q %s %v, want %q %s", f.Name, f.Type, err, tt.want, tt.kind)
			}
		})
	}
}

// hugePNG says that it is 100,000 pixels wide and high, in 45 bytes.
func hugePNG() []byte {
	head := append([]byte("IHDR"), 0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0, 8, 0, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

// TestOriginStaysBehind: what a picture says of place and author is not kept,
// and the picture is.
func TestOriginStaysBehind(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{"a.png": aPNG(t, "Author\x00GPS 31.57N"), "a.jpg": aJPEG(t, 1), "a.webp": aWebP()} {
		f, err := Inspect(name, content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if bytes.Contains(f.Content, []byte("GPS")) || bytes.Contains(f.Content, []byte("author")) || bytes.Contains(f.Content, []byte("Exif")) {
			t.Errorf("%s still tells of its origin", name)
		}
		if f.Width != 40 || f.Height != 20 {
			t.Errorf("%s: %d × %d", name, f.Width, f.Height)
		}
		if again, err := Inspect(name, f.Content); err != nil || again.Width != 40 {
			t.Errorf("%s: what is kept cannot be read: %v", name, err)
		}
	}
}

// TestUpright: however the camera was held, the light corner lies where it was seen.
func TestUpright(t *testing.T) {
	t.Parallel()
	for held, want := range map[byte]struct{ right, below, tall bool }{
		1: {}, 2: {right: true}, 3: {right: true, below: true}, 4: {below: true},
		5: {tall: true}, 6: {right: true, tall: true}, 7: {right: true, below: true, tall: true}, 8: {below: true, tall: true},
		0: {}, 9: {},
	} {
		f, err := Inspect("a.jpg", aJPEG(t, held))
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(f.Content))
		if err != nil {
			t.Fatal(err)
		}
		x, y := 1, 1
		if want.right {
			x = f.Width - 2
		}
		if want.below {
			y = f.Height - 2
		}
		light, _, _, _ := m.At(x, y).RGBA()
		other, _, _, _ := m.At(f.Width-1-x, f.Height-1-y).RGBA()
		if light < 0xC000 || other > 0x4000 || (f.Height > f.Width) != want.tall {
			t.Errorf("held %d: %d × %d, corner %x, opposite %x", held, f.Width, f.Height, light, other)
		}
	}
}

// FuzzInspect: whatever is handed in, there is an answer; what is kept can be
// looked into again, and its name climbs nowhere.
func FuzzInspect(f *testing.F) {
	for _, seed := range [][]byte{[]byte(aPDF), docx(f), aPNG(f, "x"), aJPEG(f, 6), aWebP(), hugePNG(), []byte("RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff")} {
		f.Add("../a.pdf", seed)
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		got, err := Inspect(name, content)
		if strings.ContainsAny(got.Name, "/\\\x00") || got.Name == "" || got.Name == ".." {
			t.Errorf("name %q", got.Name)
		}
		if err != nil {
			if keyOf(err) == "" {
				t.Error(err)
			}
			return
		}
		if again, err := Inspect(got.Name, got.Content); err != nil || again.Type != got.Type {
			t.Errorf("again: %v", err)
		}
	})
}
