package transfer_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"jinghe/internal/transfer"
)

// TestSheetsSayHowFarTheyGo: programs read the extent of a sheet before its cells.
func TestSheetsSayHowFarTheyGo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := transfer.WriteTables(t.Context(), &out, []transfer.Table{{Name: "甲", Heads: []string{"a", "b", "c"}, Rows: [][]string{{"1", "2", "3"}, {"4", "5", "6"}}}})
	if err != nil {
		t.Fatal(err)
	}
	book, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	file, err := book.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := io.ReadAll(file)
	if err != nil || !strings.Contains(string(sheet), `<dimension ref="A1:C3"`) {
		t.Errorf("%v: %.400s", err, sheet)
	}
}
