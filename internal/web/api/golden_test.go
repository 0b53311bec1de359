package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
)

var updateGolden = flag.Bool("update", false, "write golden files")

// TestDocumentGolden keeps the document in the repository, so that a change of
// what other programs rely on is a change that somebody reads.
func TestDocumentGolden(t *testing.T) {
	t.Parallel()
	const name = "testdata/openapi.json"
	var b bytes.Buffer
	if err := json.Indent(&b, newAPI(t, "").Document(), "", " "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	if *updateGolden {
		if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the document is not that of %s (go test -update writes it)", name)
	}
}

// TestContactGoesInOnly: the parts of a contact that an owner may write are
// marked as such, and no answer fills them.
func TestContactGoesInOnly(t *testing.T) {
	t.Parallel()
	schemas := newAPI(t, "").huma.OpenAPI().Components.Schemas.Map()
	seen := 0
	for name, schema := range schemas {
		for field, s := range schema.Properties {
			if !strings.HasPrefix(field, "contact") {
				continue
			}
			seen++
			if !s.WriteOnly {
				t.Errorf("%s.%s can be read", name, field)
			}
		}
	}
	if seen != 10 {
		t.Errorf("%d parts of contacts, want three of each side and of an organisation, and the address of a delegate", seen)
	}
}
