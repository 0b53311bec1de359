package web

import (
	"jinghe/internal/scene"
	"jinghe/internal/web/edge"
	"jinghe/internal/web/inbox"
	"jinghe/internal/web/pairs"
	"jinghe/internal/web/portal"
	"jinghe/internal/web/searches"
	"jinghe/internal/web/workspace"
)

// mountWorkspace registers the pages of an organisation's own.
func (s *Server) mountWorkspace() {
	w := workspace.New(s.services, s.frame, s.config.Now)
	const entry = "/workspace/listings/:kind/:id"
	s.page("/workspace", edge.May(scene.WorkspaceEnter), w.Home)
	s.page("/workspace/organisation", edge.May(scene.OrganisationEdit), w.Profile)
	s.post("/workspace/organisation", edge.May(scene.OrganisationEdit), ClassForm, w.SaveProfile)
	s.post("/workspace/organisation/name", edge.May(scene.OrganisationEdit), ClassForm, w.AskNaming)
	s.post("/workspace/organisation/name/recall", edge.May(scene.OrganisationEdit), ClassForm, w.RecallNaming)
	s.post("/workspace/invitations", edge.May(scene.MemberInvite), ClassForm, w.Invite)
	s.page("/workspace/listings/new", edge.May(scene.WorkspaceEnter), w.New)
	s.post("/workspace/listings/new", edge.May(scene.WorkspaceEnter), ClassForm, w.Create)
	s.post(fillPath, edge.May(scene.WorkspaceEnter), ClassForm, w.Fill)
	s.post("/workspace/listings/keep", edge.May(scene.WorkspaceEnter), ClassForm, w.Keep)
	s.post("/workspace/listings/forget", edge.May(scene.WorkspaceEnter), ClassForm, w.Forget)
	s.page(entry, edge.May(scene.WorkspaceEnter), w.Entry)
	s.page(entry+"/edit", edge.May(scene.WorkspaceEnter), w.Edit)
	s.post(entry+"/edit", edge.May(scene.WorkspaceEnter), ClassForm, w.Save)
	s.post(filesPath, edge.May(scene.ListingEdit), ClassForm, w.Attach)
	s.post(filesPath+"/:file/remove", edge.May(scene.ListingEdit), ClassForm, w.Detach)
	s.post(entry+"/submit", edge.May(scene.ListingSubmit), ClassForm, w.Submit)
	s.post(entry+"/withdraw", edge.May(scene.ListingWithdraw), ClassForm, w.Withdraw)
	s.post(entry+"/recall", edge.May(scene.ListingPropose), ClassForm, w.Recall)
	s.post(entry+"/pause", edge.May(scene.ListingRetire), ClassForm, w.Pause)
	s.post(entry+"/resume", edge.May(scene.ListingRetire), ClassForm, w.Resume)
	s.post(entry+"/extend", edge.May(scene.ListingRetire), ClassForm, w.Extend)
	s.post(entry+"/close", edge.May(scene.ListingRetire), ClassForm, w.Close)
	s.mountKeys("workspace", edge.May(scene.WorkspaceEnter))
}

// mountSearches registers what a person keeps asking.
func (s *Server) mountSearches() {
	q := searches.New(s.services, s.config.Now, s.frame)
	const list, one = "/workspace/searches", "/workspace/searches/:id"
	s.page(list, edge.May(scene.SearchKeep), q.List)
	s.page(list+"/new", edge.May(scene.SearchKeep), q.New)
	s.post(list+"/new", edge.May(scene.SearchKeep), ClassForm, q.Create)
	s.page(one, edge.May(scene.SearchKeep), q.Search)
	s.page(one+"/edit", edge.May(scene.SearchKeep), q.Edit)
	s.post(one+"/edit", edge.May(scene.SearchKeep), ClassForm, q.Save)
	s.post(one+"/pause", edge.May(scene.SearchKeep), ClassForm, q.Pause)
	s.post(one+"/resume", edge.May(scene.SearchKeep), ClassForm, q.Resume)
	s.post(one+"/delete", edge.May(scene.SearchKeep), ClassForm, q.Delete)
}

// mountInbox registers what a person was told.
func (s *Server) mountInbox() {
	i := inbox.New(s.services, s.frame, s.config.Now)
	s.page("/inbox", edge.May(scene.NoticeRead), i.List)
	s.post("/inbox/read", edge.May(scene.NoticeRead), ClassForm, i.Read)
	s.page("/inbox/choices", edge.May(scene.AccountSelf), i.Choices)
	s.post("/inbox/choices", edge.May(scene.AccountSelf), ClassForm, i.Choose)
	s.page("/inbox/receivers", edge.May(scene.WebhookManage), i.Receivers)
	s.post("/inbox/receivers", edge.May(scene.WebhookManage), ClassForm, i.AddReceiver)
	s.page("/inbox/receivers/:id", edge.May(scene.WebhookManage), i.Receiver)
	for _, action := range []string{"enable", "disable", "rotate", "replay", "delete"} {
		s.post("/inbox/receivers/:id/"+action, edge.May(scene.WebhookManage), ClassForm, i.ChangeReceiver(action))
	}
	s.get("/inbox/:id", edge.May(scene.NoticeRead), i.Open)
}

// mountPairs registers the pairs that people work on, in both rooms.
func (s *Server) mountPairs() {
	e, reg := s.services.Engagements, s.services.Registry
	w := pairs.New(e, s.services.Accounts, reg, s.frame, s.config.Now, pairs.Workspace, nil)
	const own = pairs.Workspace
	s.page(portal.MinePath, edge.May(scene.EngagementAnswer), s.portal.Mine)
	s.post(portal.MinePath+"/pass", edge.May(scene.EngagementAnswer), ClassForm, s.portal.Pass)
	s.post(portal.MinePath+"/unpass", edge.May(scene.EngagementAnswer), ClassForm, s.portal.Unpass)
	s.page(own, edge.May(scene.WorkspaceEnter), w.List)
	s.page(own+"/new", edge.May(scene.EngagementExpress), w.New)
	s.post(own+"/new", edge.May(scene.EngagementExpress), ClassForm, w.Begin)
	s.page(own+"/:id", edge.May(scene.WorkspaceEnter), w.Show)
	s.post(own+"/:id/accept", edge.May(scene.EngagementAnswer), ClassForm, w.Accept)
	s.post(own+"/:id/decline", edge.May(scene.EngagementAnswer), ClassForm, w.Decline)
	s.post(own+"/:id/agree", edge.May(scene.EngagementAgree), ClassForm, w.Agree)
	s.post(own+"/:id/withdraw", edge.May(scene.EngagementAgree), ClassForm, w.Withdraw)
	s.post(own+"/:id/contact", edge.May(scene.EngagementAgree), ClassForm, w.Contact)
	o := pairs.New(e, s.services.Accounts, reg, s.frame, s.config.Now, pairs.Console, s.console().Page)
	const all = pairs.Console
	s.page(all, edge.May(scene.EngagementFollow), o.List)
	s.page(all+"/new", edge.May(scene.EngagementRecommend), o.New)
	s.post(all+"/new", edge.May(scene.EngagementRecommend), ClassForm, o.Begin)
	s.page(all+"/:id", edge.May(scene.EngagementFollow), o.Show)
	for _, r := range []*pairs.Pairs{w, o} {
		s.page(r.Base()+"/group", edge.May(scene.EngagementForm), r.NewGroup)
		s.post(r.Base()+"/group", edge.May(scene.EngagementForm), ClassForm, r.FormGroup)
		s.post(r.Base()+"/:id/partner", edge.May(scene.EngagementForm), ClassForm, r.Invite)
		s.post(r.Base()+"/:id/say", edge.May(scene.EngagementSpeak), ClassForm, r.Say)
		s.post(r.Base()+"/:id/move", edge.May(scene.EngagementMove), ClassForm, r.Move)
		s.post(r.Base()+"/:id/stop", edge.May(scene.EngagementMove), ClassForm, r.Stop)
	}
}
