package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

const tagImports = "imports"

// NewImport is a list to bring in, of at most 500 entries of each kind.
type NewImport struct {
	Source        string                        `json:"source" minLength:"1" maxLength:"200" doc:"Names the list. Together with the code of a row it is the row's identity, so that the same list again changes nothing."`
	Batch         string                        `json:"batch,omitempty" maxLength:"64" doc:"第N批, for rows that have none."`
	Opportunities []ImportRow[OpportunityEntry] `json:"opportunities,omitempty" nullable:"false" maxItems:"500"`
	Capabilities  []ImportRow[CapabilityEntry]  `json:"capabilities,omitempty" nullable:"false" maxItems:"500"`
}

// ImportRow is one entry of a list.
type ImportRow[E any] struct {
	Code         string    `json:"code,omitempty" maxLength:"64" doc:"编号. Without one the row is told apart by name and organisation."`
	Organisation ImportOrg `json:"organisation"`
	Entry        E         `json:"entry" doc:"What is absent stays as it is stored: an import never empties a field."`
}

// ImportOrg is whose entry it is.
type ImportOrg struct {
	Name       string `json:"name" minLength:"1" maxLength:"200"`
	CreditCode string `json:"credit_code,omitempty" maxLength:"18" doc:"统一社会信用代码."`
	Kind       string `json:"kind,omitempty" enum:"government,soe,private,public_space,institute"`
	Region     string `json:"region,omitempty" maxLength:"12" doc:"Division code."`
}

// ImportJob is one import.
type ImportJob struct {
	ID     scene.ID    `json:"id,omitempty" doc:"Absent for a dry run."`
	File   string      `json:"file,omitempty" doc:"Where a file was imported."`
	Source string      `json:"source,omitempty"`
	Batch  string      `json:"batch,omitempty"`
	Status string      `json:"status" enum:"running,done,failed,undone"`
	Count  scene.Tally `json:"count"`
	Began  time.Time   `json:"began"`
	Ended  *time.Time  `json:"ended,omitempty"`
}

// ImportReport is what an import did, or would do.
type ImportReport struct {
	ImportJob
	Rows     []ImportedRow   `json:"rows" nullable:"false"`
	Problems []ImportProblem `json:"problems" nullable:"false"`
	Missing  []ImportedRow   `json:"missing" nullable:"false" doc:"Stored under the same source and not in this list; left alone."`
}

// ImportedRow is what became of one entry.
type ImportedRow struct {
	Kind         string   `json:"kind" enum:"opportunity,capability"`
	ID           scene.ID `json:"id,omitempty" doc:"Absent for one that a dry run would create."`
	Row          string   `json:"row,omitempty" doc:"Place in what was sent, such as capabilities[3]."`
	Name         string   `json:"name"`
	Organisation string   `json:"organisation"`
	Action       string   `json:"action" enum:"created,changed,unchanged,rejected,missing"`
}

// ImportProblem is something to put right.
type ImportProblem struct {
	Row      string `json:"row,omitempty" doc:"Place in what was sent, such as capabilities[3]."`
	Message  string `json:"message"`
	Rejected bool   `json:"rejected" doc:"The row did not go in; else it is a warning."`
}

// ImportPage is one page of imports.
type ImportPage struct {
	Items      []ImportJob `json:"items" nullable:"false"`
	NextCursor string      `json:"next_cursor,omitempty"`
}

// Undone is what was taken back.
type Undone struct {
	ImportJob
	Removed  int `json:"removed" doc:"Rows that the import had created."`
	Restored int `json:"restored" doc:"Rows given back the content they had."`
	Kept     int `json:"kept" doc:"Rows that somebody changed since: they stay."`
}

type importInput struct {
	DryRun bool `query:"dry_run" doc:"Only tell what would happen."`
	Body   NewImport
}

func (a *API) mountImports() {
	may := edge.May(scene.ListImport)
	get(a, operation{
		"list-imports", "/imports", may, tagImports, "导入记录 · List imports", "The newest first.",
		ImportPage{Items: []ImportJob{exampleImport().ImportJob}},
	}, a.imports)
	change(a, http.MethodPost, http.StatusCreated, exampleNewImport(), operation{
		"import", "/imports", may, tagImports, "导入清单 · Bring a list in",
		"New entries are submitted and go through review. The same list again changes nothing; what was changed becomes a revision; " +
			"a row that breaks a rule is told and left out (201 all the same: look at `problems`). A dry run answers 200 and writes nothing.", exampleImport(),
	}, a.importList)
	change(a, http.MethodPost, http.StatusOK, nil, operation{
		"undo-import", "/imports/{id}/undo", may, tagImports, "撤销导入 · Take an import back",
		"Rows that somebody changed since stay as they are.",
		Undone{ImportJob: exampleImport().ImportJob, Removed: 1},
	}, a.undoImport)
}

func (a *API) imports(ctx context.Context, in *Page) (*body[ImportPage], error) {
	rows, err := a.Services.Registry.Imports(ctx, in.store())
	if err != nil {
		return nil, scene.Wrap("api.imports", err)
	}
	out := &body[ImportPage]{ImportPage{Items: make([]ImportJob, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = jobOf(&rows.Items[i])
	}
	return out, nil
}

func jobOf(j *scene.Import) ImportJob {
	return ImportJob{j.ID, j.File, j.Source, j.Batch, j.Status, j.Count, j.Began, instant(j.Ended)}
}

func (a *API) importList(ctx context.Context, in *importInput) (*stored[ImportReport], error) {
	rows, err := in.Body.rows(a.Services.Dictionaries())
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(in.Body)
	if err != nil {
		return nil, scene.Wrap("api.importList", err)
	}
	sum, by := sha256.Sum256(raw), actorOf(ctx)
	report, err := a.Services.Registry.Import(ctx, rows, registry.ImportOptions{
		File: "api", Digest: hex.EncodeToString(sum[:]), Source: in.Body.Source, Batch: in.Body.Batch, State: scene.Submitted,
		Actor: string(by.ID), DryRun: in.DryRun,
	})
	if err != nil {
		return nil, scene.Wrap("api.importList", err)
	}
	if !in.DryRun {
		if err := a.Services.Registry.NoteImport(ctx, by, "list.import", &report.Job); err != nil {
			return nil, scene.Wrap("api.importList", err)
		}
	}
	out := &stored[ImportReport]{Status: http.StatusCreated, Body: reportOf(ctx, &report)}
	if in.DryRun {
		out.Status, out.Body.ID = http.StatusOK, ""
	}
	return out, nil
}

// rows turns what was sent into rows as a file gives them. Codes that no
// dictionary knows are told with their place, all at once.
func (n *NewImport) rows(d *scene.Dictionaries) ([]scene.Row, error) {
	var rows []scene.Row
	var faults []scene.FieldError
	add := func(place string, code string, org *ImportOrg, row scene.Row, err error) {
		if e, ok := asError(err); ok {
			for _, f := range e.Fields {
				f.Field = place + ".entry." + f.Field
				faults = append(faults, f)
			}
		}
		row.Label, row.Listing().Code = place, code
		row.Org = scene.Organisation{Name: org.Name, CreditCode: scene.CreditCode(org.CreditCode), Kind: scene.OwnerKind(org.Kind), Region: org.Region}
		row.Line = len(rows) + 1
		rows = append(rows, row)
	}
	for i := range n.Opportunities {
		x, o := &n.Opportunities[i], &scene.Opportunity{}
		err := x.Entry.into(o, d)
		add("opportunities["+strconv.Itoa(i)+"]", x.Code, &x.Organisation, scene.Row{Opportunity: o}, err)
	}
	for i := range n.Capabilities {
		x, c := &n.Capabilities[i], &scene.Capability{}
		err := x.Entry.into(c, d)
		add("capabilities["+strconv.Itoa(i)+"]", x.Code, &x.Organisation, scene.Row{Capability: c}, err)
	}
	if len(faults) > 0 {
		return nil, &scene.Error{Code: scene.Invalid, Op: "api.importList", Key: "api.codes", Fields: faults}
	}
	return rows, nil
}

func reportOf(ctx context.Context, r *registry.Report) ImportReport {
	out := ImportReport{ImportJob: jobOf(&r.Job), Rows: importedOf(r.Rows), Missing: importedOf(r.Missing), Problems: []ImportProblem{}}
	lang := edge.From(ctx).Lang
	for _, p := range r.Problems {
		place := ""
		if p.Entry != nil {
			place = p.Entry.Label
		}
		out.Problems = append(out.Problems, ImportProblem{place, locale.Text(lang, p.Key, p.Args), p.Rejected})
	}
	return out
}

func importedOf(rows []registry.RowReport) []ImportedRow {
	out := make([]ImportedRow, len(rows))
	for i, r := range rows {
		out[i] = ImportedRow{string(r.Kind), r.ID, r.Label, r.Name, r.Org, string(r.Action)}
	}
	return out
}

type undoInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the import."`
}

func (a *API) undoImport(ctx context.Context, in *undoInput) (*body[Undone], error) {
	by := actorOf(ctx)
	report, err := a.Services.Registry.UndoImport(ctx, scene.ID(in.ID), string(by.ID))
	if err != nil {
		return nil, scene.Wrap("api.undoImport", err)
	}
	if err := a.Services.Registry.NoteImport(ctx, by, "list.undo", &report.Job); err != nil {
		return nil, scene.Wrap("api.undoImport", err)
	}
	return &body[Undone]{Undone{jobOf(&report.Job), report.Removed, report.Restored, len(report.Kept)}}, nil
}

func exampleNewImport() NewImport {
	e := exampleCapabilityEntry()
	return NewImport{
		Source: "示例市企业服务门户", Batch: "第四批",
		Capabilities: []ImportRow[CapabilityEntry]{{"PORTAL-0042", ImportOrg{Name: "示例光感科技有限公司", Kind: "private"}, e}},
	}
}

func exampleImport() ImportReport {
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	return ImportReport{
		ImportJob: ImportJob{"01J9ZD3V5W8QJ7R2K4M6N8P0J1", "api", "示例市企业服务门户", "第四批", "done", scene.Tally{Read: 1, Created: 1}, at, &at},
		Rows:      []ImportedRow{{"capability", "01J9ZD3V5W8QJ7R2K4M6N8P0S9", "capabilities[0]", "光纤光栅桥梁监测系统", "示例光感科技有限公司", "created"}},
		Problems:  []ImportProblem{}, Missing: []ImportedRow{},
	}
}
