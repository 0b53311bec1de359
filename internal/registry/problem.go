package registry

import (
	"errors"

	"jinghe/internal/scene"
)

// rowProblems turns the error of one row into problems that name it, one a field.
func rowProblems(row *scene.Row, err error) []scene.Problem {
	base := scene.Problem{File: row.File, Sheet: row.Sheet, Row: row.Line, Rejected: true, Key: "error.internal"}
	e, ok := errors.AsType[*scene.Error](err)
	if !ok {
		return []scene.Problem{base}
	}
	if len(e.Fields) == 0 {
		if e.Key != "" {
			base.Key, base.Args = e.Key, e.Args
		}
		return []scene.Problem{base}
	}
	problems := make([]scene.Problem, len(e.Fields))
	for i, f := range e.Fields {
		problems[i] = base
		problems[i].Column, problems[i].Key, problems[i].Args = f.Field, f.Key, f.Args
	}
	return problems
}

// rowProblem is one thing to know about a row.
func rowProblem(row *scene.Row, key string, args map[string]any, rejected bool) scene.Problem {
	return scene.Problem{File: row.File, Sheet: row.Sheet, Row: row.Line, Key: key, Args: args, Rejected: rejected}
}
