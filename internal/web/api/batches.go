package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"jinghe/internal/registry"
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
)

// Batch is a list of entries that went out together (第N批).
type Batch struct {
	ID       scene.ID  `json:"id"`
	Revision int       `json:"revision" doc:"Rises with every change; the ETag holds it."`
	Name     string    `json:"name" example:"2026年第三批" doc:"What its entries carry in batch."`
	NameEn   string    `json:"name_en,omitempty"`
	Intro    string    `json:"intro,omitempty"`
	IntroEn  string    `json:"intro_en,omitempty"`
	Release  time.Time `json:"release"`
	Released bool      `json:"released" doc:"It is out. One to come is told to nobody but the centre."`
}

// BatchList is the batches that are out, for the centre also those to come.
type BatchList struct {
	Items []Batch `json:"items" nullable:"false"`
}

// BatchWritten is a batch as the centre writes it.
type BatchWritten struct {
	Name    string    `json:"name" minLength:"1" maxLength:"64" example:"2026年第三批" doc:"What its entries carry in batch. It stays once there are any."`
	NameEn  string    `json:"name_en,omitempty" maxLength:"64"`
	Intro   string    `json:"intro,omitempty" maxLength:"2000" doc:"For visitors."`
	IntroEn string    `json:"intro_en,omitempty" maxLength:"2000"`
	Release time.Time `json:"release" doc:"The instant from which visitors see the batch and its entries. It stays once it has passed."`
}

// EntryRef names an entry.
type EntryRef struct {
	Kind string   `json:"kind" enum:"opportunity,capability"`
	ID   scene.ID `json:"id" minLength:"1" maxLength:"64"`
}

// BatchSorted names entries that go into a batch or leave it.
type BatchSorted struct {
	Entries []EntryRef `json:"entries" nullable:"false" minItems:"1" maxItems:"500"`
}

// BatchEntry is an entry of a batch, in whatever state.
type BatchEntry struct {
	EntryRef
	Name         string     `json:"name"`
	Organisation Party      `json:"organisation"`
	State        string     `json:"state"`
	ValidFrom    *time.Time `json:"valid_from,omitempty" doc:"Visitors do not see it before."`
}

// BatchEntries is one page of the entries of a batch.
type BatchEntries struct {
	Items      []BatchEntry `json:"items" nullable:"false"`
	NextCursor string       `json:"next_cursor,omitempty"`
}

type batchEdit struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the batch."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was changed; needed."`
	Body    BatchWritten
}

type batchStep struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the batch."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was looked at; needed."`
}

// BatchWithdrawn says why a batch is taken back, and what becomes of its entries.
type BatchWithdrawn struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"For the record of changes."`
	Show   bool   `json:"show,omitempty" doc:"Entries that waited for its release alone are public from now on; else they keep that time."`
}

type batchWithdraw struct {
	ID      string `path:"id" maxLength:"64" doc:"Id of the batch."`
	IfMatch string `header:"If-Match" doc:"ETag of the copy that was looked at; needed."`
	Body    BatchWithdrawn
}

type batchSort struct {
	ID   string `path:"id" maxLength:"64" doc:"Id of the batch."`
	Body BatchSorted
}

type batchEntriesInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the batch."`
	Page
}

func exampleBatch() Batch {
	return Batch{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0B1", Revision: 2, Name: "2026年第三批", Release: time.Date(2026, 11, 16, 1, 0, 0, 0, time.UTC), Released: true,
	}
}

func (a *API) mountBatches() {
	const one = "/batches/{id}"
	get(a, operation{
		"list-batches", "/batches", edge.Visitor, tagLists, "清单批次 · Batches that are out, the latest first",
		"Entries of a batch: /opportunities?batch=NAME and /capabilities?batch=NAME. One to come is told to a token of the centre with the scope publish alone.",
		BatchList{Items: []Batch{exampleBatch()}},
	}, a.batches)
	get(a, operation{"get-batch", one, edge.Visitor, tagLists, "清单批次 · One batch that is out", "", exampleBatch()}, a.batch)
	if a.Services.Accounts == nil {
		return
	}
	may, written := edge.May(scene.BatchManage), BatchWritten{Name: "2026年第三批", Intro: "面向水务与交通的机会。", Release: exampleBatch().Release}
	waits := exampleBatch()
	waits.Intro, waits.Released = written.Intro, false
	sorted := BatchSorted{[]EntryRef{{"opportunity", exampleOpportunity().ID}}}
	change(a, http.MethodPost, http.StatusCreated, written, operation{
		"create-batch", "/batches", may, tagLists, "新建批次 · Make a batch",
		"Nothing of it is public before its release. Entries that carry its name already belong to it.", waits,
	}, a.createBatch)
	change(a, http.MethodPut, http.StatusOK, written, operation{
		"replace-batch", one, may, tagLists, "修改批次 · Change a batch, or when it goes out",
		"If-Match is needed. Its entries follow to another release. The release of a batch that is out stays, and the name of one that has entries.", waits,
	}, a.replaceBatch)
	change(a, http.MethodPost, http.StatusOK, nil, operation{
		"release-batch", one + "/release", may, tagLists, "立即发布 · Let a batch out now", "If-Match is needed.", exampleBatch(),
	}, a.releaseBatch)
	get(a, operation{
		"list-batch-entries", one + "/entries", may, tagLists, "批次条目 · Entries of a batch, in whatever state", "In order of name, opportunities first.",
		BatchEntries{Items: []BatchEntry{{sorted.Entries[0], exampleOpportunity().Name, exampleOpportunity().Organisation, "published", &waits.Release}}},
	}, a.batchEntries)
	change(a, http.MethodPost, http.StatusOK, sorted, operation{
		"add-to-batch", one + "/add", may, tagLists, "加入批次 · Put entries into a batch",
		"All or none. From then on they are not public before its release. One of another batch is a 409.", waits,
	}, sorting((*registry.Registry).AddToBatch).of(a))
	change(a, http.MethodPost, http.StatusOK, sorted, operation{
		"take-from-batch", one + "/take", may, tagLists, "移出批次 · Take entries out of a batch",
		"They keep their time of release: nothing comes to light by being taken out.", waits,
	}, sorting((*registry.Registry).TakeFromBatch).of(a))
	change(a, http.MethodPost, http.StatusOK, BatchWithdrawn{Reason: "名称有误，另建"}, operation{
		"withdraw-batch", one + "/withdraw", may, tagLists, "撤销批次 · Take back a batch that was made by mistake",
		"If-Match is needed. It is gone from then on, its entries are in no batch, and the record keeps what it was and why. The answer is what it was.", waits,
	}, a.withdrawBatch)
}

// manages reports whether the caller may do that to what no organisation owns.
func (a *API) manages(ctx context.Context, do scene.Action) bool {
	by := actorOf(ctx)
	return a.Services.Registry != nil && by.May(do, scene.Object{}) == nil
}

func (a *API) batches(ctx context.Context, _ *struct{}) (*body[BatchList], error) {
	read := a.Services.Catalogue.Batches
	if a.manages(ctx, scene.BatchManage) {
		read = a.Services.Registry.Batches
	}
	all, err := read(ctx)
	if err != nil {
		return nil, scene.Wrap("api.batches", err)
	}
	out := &body[BatchList]{BatchList{Items: make([]Batch, len(all))}}
	for i := range all {
		out.Body.Items[i] = a.batchOf(&all[i])
	}
	return out, nil
}

func (a *API) batch(ctx context.Context, in *itemInput) (*tagged[Batch], error) {
	read := a.Services.Catalogue.Batch
	if a.manages(ctx, scene.BatchManage) {
		read = a.Services.Registry.Batch
	}
	b, err := read(ctx, scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.batch", err)
	}
	out := a.batchOf(&b)
	tag := etag(out.Revision, out.Released)
	if in.holds(tag) {
		return nil, notModified(tag)
	}
	return &tagged[Batch]{tag, out}, nil
}

func (a *API) batchOf(b *scene.Batch) Batch {
	return Batch{
		ID: b.ID, Revision: b.Revision, Name: b.Name, NameEn: b.NameEn, Intro: b.Intro, IntroEn: b.IntroEn, Release: b.Release,
		Released: b.Released(a.Now()),
	}
}

// into writes what was sent over b.
func (w *BatchWritten) into(b *scene.Batch) {
	b.Name, b.NameEn, b.Intro, b.IntroEn, b.Release = w.Name, w.NameEn, w.Intro, w.IntroEn, w.Release.UTC()
}

func (a *API) createBatch(ctx context.Context, in *struct{ Body BatchWritten }) (*stored[Batch], error) {
	var b scene.Batch
	in.Body.into(&b)
	out, err := a.saveBatch(ctx, b)
	if err != nil {
		return nil, scene.Wrap("api.createBatch", err)
	}
	out.Status, out.Location = http.StatusCreated, a.PublicURL+Prefix+"/batches/"+string(out.Body.ID)
	return out, nil
}

func (a *API) saveBatch(ctx context.Context, b scene.Batch) (*stored[Batch], error) {
	saved, err := a.Services.Registry.SaveBatch(ctx, actorOf(ctx), b)
	if err != nil {
		return nil, stale(err)
	}
	out := a.batchOf(&saved)
	return &stored[Batch]{Status: http.StatusOK, ETag: etag(out.Revision, out.Released), Body: out}, nil
}

func (a *API) replaceBatch(ctx context.Context, in *batchEdit) (*stored[Batch], error) {
	return a.changeBatch(ctx, in.ID, in.IfMatch, in.Body.into)
}

func (a *API) releaseBatch(ctx context.Context, in *batchStep) (*stored[Batch], error) {
	return a.changeBatch(ctx, in.ID, in.IfMatch, func(b *scene.Batch) {
		if now := a.Now().UTC(); !b.Released(now) { // else it is out as asked
			b.Release = now
		}
	})
}

func (a *API) withdrawBatch(ctx context.Context, in *batchWithdraw) (*body[Batch], error) {
	b, err := a.Services.Registry.Batch(ctx, scene.ID(in.ID))
	if err == nil {
		err = current(ctx, in.IfMatch, b.Revision)
	}
	if err == nil {
		b, err = a.Services.Registry.WithdrawBatch(ctx, actorOf(ctx), registry.Withdrawal{Batch: b.ID, Revision: b.Revision, Reason: in.Body.Reason, Show: in.Body.Show})
	}
	if err != nil {
		return nil, scene.Wrap("api.withdrawBatch", stale(err))
	}
	return &body[Batch]{a.batchOf(&b)}, nil
}

func (a *API) changeBatch(ctx context.Context, id, ifMatch string, change func(*scene.Batch)) (*stored[Batch], error) {
	b, err := a.Services.Registry.Batch(ctx, scene.ID(id))
	if err == nil {
		err = current(ctx, ifMatch, b.Revision)
	}
	if err != nil {
		return nil, scene.Wrap("api.changeBatch", err)
	}
	change(&b)
	out, err := a.saveBatch(ctx, b)
	return out, scene.Wrap("api.changeBatch", err)
}

func (a *API) batchEntries(ctx context.Context, in *batchEntriesInput) (*body[BatchEntries], error) {
	from, err := offsetOf(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := a.Services.Registry.InBatch(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.batchEntries", err)
	}
	to := min(from+in.Limit, len(all))
	out := &body[BatchEntries]{BatchEntries{Items: []BatchEntry{}}}
	if to < len(all) {
		out.Body.NextCursor = cursorOf(to)
	}
	for i := range all[min(from, to):to] {
		e := &all[from+i]
		l := e.Listing()
		out.Body.Items = append(out.Body.Items, BatchEntry{
			EntryRef{string(e.Kind()), l.ID}, l.Name, Party{l.OrgID, l.OrgName}, string(l.State), instant(l.ValidFrom),
		})
	}
	return out, nil
}

// sorting puts entries into a batch or takes them out.
type sorting func(*registry.Registry, context.Context, scene.Actor, scene.ID, []registry.Ref) error

func (sort sorting) of(a *API) func(context.Context, *batchSort) (*stored[Batch], error) {
	return func(ctx context.Context, in *batchSort) (*stored[Batch], error) {
		var refs []registry.Ref
		for _, e := range in.Body.Entries {
			if ref := (registry.Ref{Kind: scene.Kind(e.Kind), ID: e.ID}); !slices.Contains(refs, ref) {
				refs = append(refs, ref)
			}
		}
		err := sort(a.Services.Registry, ctx, actorOf(ctx), scene.ID(in.ID), refs)
		if err != nil {
			return nil, scene.Wrap("api.sortBatch", err)
		}
		b, err := a.Services.Registry.Batch(ctx, scene.ID(in.ID))
		out := a.batchOf(&b)
		return &stored[Batch]{Status: http.StatusOK, ETag: etag(out.Revision, out.Released), Body: out}, scene.Wrap("api.sortBatch", err)
	}
}

// current checks that the copy which a caller changed is the present one. Without
// If-Match nobody can tell: 428. With that of another state somebody changed it
// meanwhile: 412.
func current(ctx context.Context, ifMatch string, revision int) error {
	if ifMatch == "" {
		return edge.ProblemAs(ctx, http.StatusPreconditionRequired, scene.Precondition, edge.Text(ctx, "api.if_match"))
	}
	for tag := range strings.SplitSeq(ifMatch, ",") {
		number, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(tag), `"`), "-")
		if number == "*" || number == strconv.Itoa(revision) {
			return nil
		}
	}
	return &scene.Error{Code: scene.Precondition, Op: "api.current", Key: "api.stale"}
}
