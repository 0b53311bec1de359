package agenda

import _ "embed"

// Document names a kind of document.
type Document string

// The documents that have a schema.
const (
	ProblemDocument Document = "problem"
	PlanDocument    Document = "plan"
)

//go:embed problem.schema.json
var problemSchema []byte

//go:embed plan.schema.json
var planSchema []byte

// Schema returns the JSON Schema (2020-12) of a document, nil for an unknown one.
func Schema(d Document) []byte {
	switch d {
	case ProblemDocument:
		return append([]byte(nil), problemSchema...)
	case PlanDocument:
		return append([]byte(nil), planSchema...)
	}
	return nil
}
