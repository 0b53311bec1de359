package api

import (
	"context"
	"net/http"
	"time"

	"jinghe/internal/locale"
	"jinghe/internal/scene"
	"jinghe/internal/store"
	"jinghe/internal/web/edge"
)

const tagInbox = "inbox"

// Notice is one line of an inbox.
type Notice struct {
	ID      scene.ID   `json:"id"`
	Kind    string     `json:"kind" enum:"engagement,due,search,review,meeting,account"`
	Text    string     `json:"text" doc:"What happened, in the language asked for."`
	Key     string     `json:"key" doc:"Names the message, in every language the same." example:"engagement.told.interest"`
	Page    string     `json:"page,omitempty" doc:"The page it leads to; a path where the service does not know its own address."`
	About   []scene.ID `json:"about" nullable:"false" doc:"Ids of what it is about, such as a pair, or a saved search and an entry."`
	Created time.Time  `json:"created"`
	Read    *time.Time `json:"read,omitempty" doc:"Absent: not read yet."`
}

// NoticePage is one page of an inbox.
type NoticePage struct {
	Unread     int      `json:"unread" doc:"In the whole inbox."`
	Items      []Notice `json:"items" nullable:"false"`
	NextCursor string   `json:"next_cursor,omitempty"`
}

// NoticesRead names notices that were read.
type NoticesRead struct {
	IDs []scene.ID `json:"ids,omitempty" maxItems:"100" doc:"Absent or empty: all."`
}

// NoticesMarked is what became of that.
type NoticesMarked struct {
	Marked int `json:"marked" doc:"How many were unread."`
	Unread int `json:"unread" doc:"How many still are."`
}

type noticesInput struct {
	Page
	Unread bool   `query:"unread" doc:"Only what was not read yet."`
	Kind   string `query:"kind" enum:"engagement,due,search,review,meeting,account" doc:"Only of this kind."`
}

type noticeInput struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the notice."`
}

func (a *API) mountInbox() {
	may := edge.May(scene.NoticeRead)
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	example := Notice{
		ID: "01J9ZD3V5W8QJ7R2K4M6N8P0N1", Kind: "engagement", Text: "“光纤光栅桥梁监测系统”对您的“大桥结构健康在线监测”有意向，请答复。",
		Key: "engagement.told.interest", Page: "/workspace/engagements/01J9ZD3V5W8QJ7R2K4M6N8P0E1",
		About: []scene.ID{"01J9ZD3V5W8QJ7R2K4M6N8P0E1"}, Created: at,
	}
	get(a, operation{
		"list-notices", "/inbox", may, tagInbox, "收件箱 · What the owner of the token was told, the latest first",
		"Listing marks nothing as read.",
		NoticePage{Unread: 1, Items: []Notice{example}},
	}, a.notices)
	get(a, operation{
		"get-notice", "/inbox/{id}", may, tagInbox, "一条通知 · One notice", "Reading it here does not mark it as read.", example,
	}, a.notice)
	change(a, http.MethodPost, http.StatusOK, NoticesRead{IDs: []scene.ID{example.ID}}, operation{
		"read-notices", "/inbox/read", may, tagInbox, "标为已读 · Mark notices as read", "Those named, or all. Ids of others are passed over.", NoticesMarked{Marked: 1},
	}, a.readNotices)
}

func (a *API) noticeOf(lang locale.Lang, n *scene.Notice) Notice {
	out := Notice{
		ID: n.ID, Kind: string(n.Kind), Text: scene.Redact(locale.Notice(lang, n)), Key: n.Key, About: list(n.Rows), Created: n.Created, Read: instant(n.Read),
	}
	if n.Path != "" {
		out.Page = a.PublicURL + n.Path
	}
	return out
}

func (a *API) notices(ctx context.Context, in *noticesInput) (*body[NoticePage], error) {
	by := actorOf(ctx)
	f := store.NoticeFilter{Unread: in.Unread, Kind: scene.NoticeKind(in.Kind)}
	rows, err := a.Services.Notices.Inbox(ctx, by, f, in.store())
	if err != nil {
		return nil, scene.Wrap("api.notices", err)
	}
	unread, err := a.Services.Notices.Unread(ctx, by.ID)
	if err != nil {
		return nil, scene.Wrap("api.notices", err)
	}
	out := &body[NoticePage]{NoticePage{Unread: unread, Items: make([]Notice, len(rows.Items)), NextCursor: rows.Next}}
	for i := range rows.Items {
		out.Body.Items[i] = a.noticeOf(edge.From(ctx).Lang, &rows.Items[i])
	}
	return out, nil
}

func (a *API) notice(ctx context.Context, in *noticeInput) (*body[Notice], error) {
	n, err := a.Services.Notices.Notice(ctx, actorOf(ctx), scene.ID(in.ID))
	if err != nil {
		return nil, scene.Wrap("api.notice", err)
	}
	return &body[Notice]{a.noticeOf(edge.From(ctx).Lang, &n)}, nil
}

func (a *API) readNotices(ctx context.Context, in *struct{ Body NoticesRead }) (*body[NoticesMarked], error) {
	by := actorOf(ctx)
	marked, err := a.Services.Notices.Read(ctx, by, in.Body.IDs...)
	if err != nil {
		return nil, scene.Wrap("api.readNotices", err)
	}
	unread, err := a.Services.Notices.Unread(ctx, by.ID)
	if err != nil {
		return nil, scene.Wrap("api.readNotices", err)
	}
	return &body[NoticesMarked]{NoticesMarked{marked, unread}}, nil
}
