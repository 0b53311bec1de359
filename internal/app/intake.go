package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/transfer"
	"jinghe/internal/web/backend"
)

const (
	// uploadQueue is how many lists may wait to be looked at or brought in.
	uploadQueue = 32
	// uploadsKept and uploadsFor bound what is kept of lists that came by page.
	uploadsKept = 50
	uploadsFor  = 30 * 24 * time.Hour
	// uploadRows bounds the rows of one list, and with them the memory it takes.
	uploadRows = 50_000
	// undoTime bounds the taking back of an import, which goes on when the
	// browser has gone.
	undoTime = 5 * time.Minute
)

// intake takes lists that are handed in by page, one after the other.
type intake struct {
	a     *App
	queue chan scene.ID

	mu    sync.Mutex
	doing map[scene.ID][2]int // rows done and their total
}

var _ backend.Intake = (*intake)(nil)

func newIntake(a *App) *intake {
	return &intake{a: a, queue: make(chan scene.ID, uploadQueue), doing: map[scene.ID][2]int{}}
}

func mayImport(by scene.Actor) error { return by.May(scene.ListImport, scene.Object{}) }

// Receive keeps a list and has it looked at.
func (in *intake) Receive(ctx context.Context, by scene.Actor, u scene.Upload, content []byte) (scene.Upload, error) {
	if err := mayImport(by); err != nil {
		return u, err
	}
	u.File = filepath.Base(strings.ReplaceAll(u.File, `\`, "/"))
	if len(content) > backend.MaxUpload {
		return u, &scene.Error{Code: scene.TooLarge, Op: "app.Receive", Key: "upload.too_large", Args: map[string]any{
			"file": u.File, "limit": fmt.Sprintf("%d MiB", backend.MaxUpload>>20),
		}}
	}
	if _, err := transfer.Recognise(u.File, bytes.NewReader(content), int64(len(content))); err != nil {
		return u, scene.Wrap("app.Receive", err)
	}
	if len(in.queue) == cap(in.queue) {
		return u, &scene.Error{Code: scene.TooMany, Op: "app.Receive", Key: "upload.busy"}
	}
	id, err := in.a.ids.New()
	if err != nil {
		return u, scene.Wrap("app.Receive", err)
	}
	sum := sha256.Sum256(content)
	u.ID, u.Size, u.Digest, u.Status = id, int64(len(content)), hex.EncodeToString(sum[:]), scene.UploadLooking
	u.Actor, u.Name, u.Began, u.Process = by.ID, by.Name, in.a.o.Now().UTC(), in.a.instance
	err = in.a.store.Update(ctx, func(tx store.Tx) error {
		if err := in.prune(ctx, tx); err != nil {
			return err
		}
		if err := tx.Uploads().Put(ctx, u); err != nil {
			return err
		}
		return tx.Uploads().PutPart(ctx, u.ID, store.UploadFile, content)
	})
	if err != nil {
		return u, scene.Wrap("app.Receive", err)
	}
	return u, in.enqueue(ctx, u)
}

// prune removes what was handed in long ago, or is one too many.
func (in *intake) prune(ctx context.Context, tx store.Tx) error {
	rows, err := tx.Uploads().List(ctx, store.Page{Limit: store.MaxPage})
	if err != nil {
		return err
	}
	for i, u := range rows.Items {
		if u.Working() || i < uploadsKept-1 && in.a.o.Now().Sub(u.Began) < uploadsFor {
			continue
		}
		if err := tx.Uploads().Delete(ctx, u.ID); err != nil {
			return err
		}
	}
	return nil
}

// enqueue hands an upload to the worker.
func (in *intake) enqueue(ctx context.Context, u scene.Upload) error {
	select {
	case in.queue <- u.ID:
		return nil
	default:
		return in.fail(ctx, u, &scene.Error{Code: scene.TooMany, Key: "upload.busy"})
	}
}

// Uploads lists what was handed in.
func (in *intake) Uploads(ctx context.Context, by scene.Actor) (list []scene.Upload, err error) {
	if err := mayImport(by); err != nil {
		return nil, err
	}
	err = in.a.store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Uploads().List(ctx, store.Page{Limit: uploadsKept})
		list = rows.Items
		return err
	})
	return list, scene.Wrap("app.Uploads", err)
}

// Upload returns one with what was found in it.
func (in *intake) Upload(ctx context.Context, by scene.Actor, id scene.ID) (r backend.Received, err error) {
	if err := mayImport(by); err != nil {
		return r, err
	}
	var raw []byte
	err = in.a.store.View(ctx, func(tx store.Tx) (err error) {
		if r.Upload, err = tx.Uploads().Get(ctx, id); err != nil {
			return err
		}
		raw, err = tx.Uploads().Part(ctx, id, store.UploadReport)
		return err
	})
	if err == nil && len(raw) > 0 {
		r.Look, err = unpackLook(raw)
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	r.Done, r.Total = in.doing[id][0], in.doing[id][1]
	return r, scene.Wrap("app.Upload", err)
}

// Decide keeps decisions and looks again.
func (in *intake) Decide(ctx context.Context, by scene.Actor, id scene.ID, mapping map[string]string, kind scene.Kind) error {
	if err := mayImport(by); err != nil {
		return err
	}
	if _, err := transfer.ParseMapping(mapping); err != nil {
		return err
	}
	u, err := in.turn(ctx, by, id, scene.UploadLooking, "", func(u *scene.Upload) { u.Mapping, u.Kind = mapping, kind })
	if err != nil {
		return scene.Wrap("app.Decide", err)
	}
	return in.enqueue(ctx, u)
}

// Accept brings the list in.
func (in *intake) Accept(ctx context.Context, by scene.Actor, id scene.ID) error {
	if err := mayImport(by); err != nil {
		return err
	}
	u, err := in.turn(ctx, by, id, scene.UploadImporting, "list.import", func(u *scene.Upload) { u.Actor, u.Name = by.ID, by.Name })
	if err != nil {
		return scene.Wrap("app.Accept", err)
	}
	return in.enqueue(ctx, u)
}

// turn changes an upload that a person decides about, with a line in the record
// where action names one.
func (in *intake) turn(ctx context.Context, by scene.Actor, id scene.ID, to, action string, change func(*scene.Upload)) (u scene.Upload, err error) {
	err = in.a.store.Update(ctx, func(tx store.Tx) error {
		if u, err = tx.Uploads().Get(ctx, id); err != nil {
			return err
		}
		ready := u.Status == scene.UploadLooked || u.Status == scene.UploadFailed && to == scene.UploadLooking
		if !ready || to == scene.UploadImporting && u.FaultKey != "" {
			return &scene.Error{Code: scene.Precondition, Key: "upload.state_" + u.Status}
		}
		change(&u)
		u.Status, u.FaultKey, u.FaultArgs, u.Process = to, "", nil, in.a.instance
		if action != "" {
			recorder := store.Recorder{IDs: in.a.ids, Now: in.a.o.Now}
			if err := recorder.Record(ctx, tx, by, action, "import", u.ID, u.File, nil, nil); err != nil {
				return err
			}
		}
		return tx.Uploads().Put(ctx, u)
	})
	return u, err
}

// Discard removes what was handed in.
func (in *intake) Discard(ctx context.Context, by scene.Actor, id scene.ID) error {
	if err := mayImport(by); err != nil {
		return err
	}
	err := in.a.store.Update(ctx, func(tx store.Tx) error {
		u, err := tx.Uploads().Get(ctx, id)
		if err != nil {
			return err
		}
		if u.Working() {
			return &scene.Error{Code: scene.Precondition, Key: "upload.state_" + u.Status}
		}
		return tx.Uploads().Delete(ctx, id)
	})
	return scene.Wrap("app.Discard", err)
}

// Fields lists what a column can mean.
func (in *intake) Fields(kind scene.Kind) []backend.FieldHead {
	var list []backend.FieldHead
	for _, f := range transfer.FieldHeads(kind) {
		list = append(list, backend.FieldHead{Field: string(f.Field), Head: f.Head})
	}
	return list
}

// Jobs lists the newest imports.
func (in *intake) Jobs(ctx context.Context, by scene.Actor) ([]scene.Import, error) {
	if err := mayImport(by); err != nil {
		return nil, err
	}
	return in.a.Imports(ctx)
}

// Undo takes an import back, to its end even if nobody waits for it any more.
func (in *intake) Undo(ctx context.Context, by scene.Actor, job scene.ID) (registry.UndoReport, error) {
	if err := mayImport(by); err != nil {
		return registry.UndoReport{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTime)
	defer cancel()
	report, err := in.a.reg.UndoImport(ctx, job, string(by.ID))
	if err != nil {
		return report, scene.Wrap("app.Undo", err)
	}
	return report, in.a.reg.NoteImport(ctx, by, "list.undo", &report.Job)
}

// run works on uploads until ctx ends, one at a time.
func (in *intake) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-in.queue:
			if err := in.work(ctx, id); err != nil && ctx.Err() == nil {
				in.a.log.ErrorContext(ctx, "an upload was not worked on", "upload", id, "error", err)
			}
		}
	}
}

// closeCutOff marks what this process was at when it ended. It is called before
// anything can be handed in.
func (in *intake) closeCutOff(ctx context.Context) error {
	return in.a.store.Update(ctx, func(tx store.Tx) error {
		rows, err := tx.Uploads().List(ctx, store.Page{Limit: store.MaxPage})
		if err != nil {
			return err
		}
		for _, u := range rows.Items {
			old := u.Began.Before(in.a.o.Now().Add(-24 * time.Hour))
			if !u.Working() || u.Process != in.a.instance && !old {
				continue
			}
			u.Status, u.FaultKey = scene.UploadFailed, "upload.cut_off"
			if err := tx.Uploads().Put(ctx, u); err != nil {
				return err
			}
		}
		return nil
	})
}

// work looks at an upload or brings it in. A list that breaks the reader is told
// as such, and is not the end of the program.
func (in *intake) work(ctx context.Context, id scene.ID) (err error) {
	var u scene.Upload
	var content []byte
	err = in.a.store.View(ctx, func(tx store.Tx) (err error) {
		if u, err = tx.Uploads().Get(ctx, id); err != nil {
			return err
		}
		content, err = tx.Uploads().Part(ctx, id, store.UploadFile)
		return err
	})
	if err != nil || !u.Working() {
		return err
	}
	defer func() {
		in.tell(id)(0, 0)
		if p := recover(); p != nil {
			cause := &scene.Error{Code: scene.Internal, Op: "app.work", Key: "error.internal", Err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
			err = errors.Join(cause, in.fail(ctx, u, cause))
		}
	}()
	look, err := in.look(ctx, &u, content)
	if ctx.Err() != nil {
		return ctx.Err() // it is closed at the next start
	}
	if err = settle(&u, &look, err); err != nil {
		return in.fail(ctx, u, err)
	}
	packed, err := packLook(&look)
	if err != nil {
		return err
	}
	return in.a.store.Update(ctx, func(tx store.Tx) error {
		if err := tx.Uploads().Put(ctx, u); err != nil {
			return err
		}
		return tx.Uploads().PutPart(ctx, u.ID, store.UploadReport, packed)
	})
}

// settle says where an upload stands after it was looked at or brought in. What
// ended it is returned; heads that nobody knows do not, for a person may.
func settle(u *scene.Upload, look *backend.Look, err error) error {
	importing := u.Status == scene.UploadImporting
	if importing {
		u.Job = look.Import.Job.ID // also when it was cut off: chunks that were committed stand, and can be undone
	}
	fault, ok := errors.AsType[*scene.Error](err)
	switch {
	case err == nil && importing:
		u.Status = scene.UploadDone
	case err == nil:
		u.Status = scene.UploadLooked
	case ok && fault.Code == scene.Invalid && len(look.Sheets) > 0 && !importing:
		u.Status, u.FaultKey, u.FaultArgs = scene.UploadLooked, fault.Key, fault.Args
	default:
		return err
	}
	return nil
}

// fail keeps why an upload went no further.
func (in *intake) fail(ctx context.Context, u scene.Upload, cause error) error {
	u.Status, u.FaultKey, u.FaultArgs = scene.UploadFailed, "error."+string(scene.CodeOf(cause)), nil
	if e, ok := errors.AsType[*scene.Error](cause); ok && e.Key != "" {
		u.FaultKey, u.FaultArgs = e.Key, e.Args
	}
	if scene.CodeOf(cause) == scene.Internal {
		in.a.log.ErrorContext(ctx, "an upload failed", "upload", u.ID, "error", cause)
	}
	return in.a.store.Update(ctx, func(tx store.Tx) error { return tx.Uploads().Put(ctx, u) })
}

func (in *intake) tell(id scene.ID) func(done, total int) {
	return func(done, total int) {
		in.mu.Lock()
		defer in.mu.Unlock()
		if total == 0 {
			delete(in.doing, id)
			return
		}
		in.doing[id] = [2]int{done, total}
	}
}

// look reads the list and imports it: in earnest, or for show with a survey.
func (in *intake) look(ctx context.Context, u *scene.Upload, content []byte) (backend.Look, error) {
	dry := u.Status != scene.UploadImporting
	request := ImportRequest{
		Name: u.File, Source: u.Source, Batch: u.Batch, State: scene.Submitted, DryRun: dry, Actor: string(u.Actor), Mapping: u.Mapping,
	}
	list := listFile{digest: u.Digest, kind: u.Kind, read: func(ctx context.Context, o transfer.ReadOptions) (transfer.Document, error) {
		o.Limits.Rows = uploadRows
		return transfer.Read(ctx, u.File, bytes.NewReader(content), int64(len(content)), o)
	}}
	report, doc, err := in.a.bring(ctx, list, request, in.tell(u.ID))
	look := backend.Look{Import: report, Sheets: lookSheets(&doc)}
	if err != nil || !dry {
		return look, err
	}
	look.Survey, err = in.a.surveyRows(ctx, append([]scene.Row{}, doc.Rows...), SurveyRequest{Lang: locale.Zh, Top: 500}, in.tell(u.ID))
	return look, err
}

func lookSheets(doc *transfer.Document) []backend.LookSheet {
	var list []backend.LookSheet
	for _, s := range doc.Sheets {
		v := backend.LookSheet{Name: s.Name, Kind: s.Kind, Row: s.HeaderRow, Rows: s.Rows}
		for _, c := range s.Columns {
			v.Columns = append(v.Columns, backend.LookColumn{Head: c.Head, Field: string(c.Field), Unsure: len(c.Rivals) > 0 || c.Field == "" && c.Head != ""})
		}
		list = append(list, v)
	}
	return list
}

// Marked writes the file with its bad cells marked.
func (in *intake) Marked(ctx context.Context, by scene.Actor, id scene.ID, lang locale.Lang, w io.Writer) (string, error) {
	u, err := in.Upload(ctx, by, id)
	if err != nil {
		return "", err
	}
	if u.Look == nil {
		return "", &scene.Error{Code: scene.Precondition, Op: "app.Marked", Key: "upload.state_" + u.Status}
	}
	var content []byte
	err = in.a.store.View(ctx, func(tx store.Tx) (err error) {
		content, err = tx.Uploads().Part(ctx, id, store.UploadFile)
		return err
	})
	if err != nil {
		return "", scene.Wrap("app.Marked", err)
	}
	doc, err := in.reread(ctx, &u, content)
	if err != nil {
		return "", scene.Wrap("app.Marked", err)
	}
	name := strings.TrimSuffix(u.File, filepath.Ext(u.File)) + "-" + locale.Text(lang, "upload.marked_name", nil) + ".xlsx"
	return name, scene.Wrap("app.Marked", transfer.Mark(ctx, w, content, doc, lang))
}

// reread reads the file once more, with what the store said of its rows.
func (in *intake) reread(ctx context.Context, u *backend.Received, content []byte) (transfer.Document, error) {
	type place struct {
		sheet string
		row   int
	}
	refused := map[place]bool{}
	for _, p := range u.Look.Import.Problems {
		if p.Rejected && p.Row > 0 {
			refused[place{p.Sheet, p.Row}] = true
		}
	}
	mapping, err := in.a.mapping(ctx, u.Source, u.Mapping)
	if err == nil && u.Kind == "" {
		u.Kind, err = in.a.rememberedKind(ctx, u.Source)
	}
	if err != nil {
		return transfer.Document{}, err
	}
	doc, err := transfer.Read(ctx, u.File, bytes.NewReader(content), int64(len(content)), transfer.ReadOptions{
		Kind: u.Kind, Source: u.Source, Dictionaries: in.a.kit.Load().Dictionaries, Mapping: mapping, Now: u.Began,
		Limits: transfer.Limits{Rows: uploadRows}, Keep: func(sheet string, row int) bool { return refused[place{sheet, row}] },
	})
	if err != nil {
		return doc, err
	}
	doc.Problems = u.Look.Import.Problems
	for i := range doc.Problems {
		if len(doc.Sheets) == 1 { // the sheet of a text file has no name, though its rows are called by one
			doc.Problems[i].Sheet = doc.Sheets[0].Name
		}
	}
	return doc, nil
}

func packLook(look *backend.Look) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(look); err != nil {
		return nil, scene.Wrap("app.packLook", err)
	}
	err := z.Close()
	return b.Bytes(), scene.Wrap("app.packLook", err)
}

func unpackLook(raw []byte) (*backend.Look, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, scene.Wrap("app.unpackLook", err)
	}
	var look backend.Look
	if err := json.NewDecoder(z).Decode(&look); err != nil {
		return nil, scene.Wrap("app.unpackLook", err)
	}
	return &look, nil
}

// Intake gives tests the lists that are handed in by page. It is nil before Start.
func (a *App) Intake() backend.Intake { return a.running.intake }
