package scene

import "slices"

// Role is what an account is there for. An account may hold several, see
// [Account.Validate] for those that exclude each other.
type Role string

// The roles.
const (
	RoleOwner      Role = "owner"      // 场景需求方
	RoleProvider   Role = "provider"   // 技术供给方
	RoleSteward    Role = "steward"    // 场景专员
	RoleDepartment Role = "department" // 牵头部门、建议对接部门
	RoleExpert     Role = "expert"     // 评审专家
	RoleOrganiser  Role = "organiser"  // 活动组织方
	RoleAttendee   Role = "attendee"   // 参会代表
	RoleLeader     Role = "leader"     // 分管领导
	RoleAuditor    Role = "auditor"    // 审计
	RoleAdmin      Role = "admin"      // 系统管理员
)

// Roles returns all roles, in the order in which a person expects them.
func Roles() []Role {
	return []Role{
		RoleOwner, RoleProvider, RoleSteward, RoleDepartment, RoleExpert,
		RoleOrganiser, RoleAttendee, RoleLeader, RoleAuditor, RoleAdmin,
	}
}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Staff reports whether r works for the centre or the city: such an account
// sees what is not public and needs a second factor to sign in.
func (r Role) Staff() bool {
	switch r {
	case RoleSteward, RoleDepartment, RoleOrganiser, RoleLeader, RoleAuditor, RoleAdmin:
		return true
	}
	return false
}

// Enterprise reports whether r acts for an organisation of the market.
func (r Role) Enterprise() bool { return r == RoleOwner || r == RoleProvider }

// Actor is who asks for something: what of an account counts for a decision,
// and where the request came from. The zero Actor is a visitor.
type Actor struct {
	ID         ID
	Name       string // as records show it
	OrgID      ID     // organisation it acts for, "" if none
	Department string // department it answers for, "" if none
	Roles      []Role
	// From is the network address of the request, or “console” for the
	// command line on the machine itself.
	From string
	// Token is the access token by which another program acts for the account,
	// "" where a person does; Scopes are what it carries.
	Token  ID
	Scopes []Scope
}

// FromConsole is Actor.From of the command line.
const FromConsole = "console"

// Console is the person at the machine that holds the data directory: whoever
// can open the files may do anything the files allow.
func Console() Actor {
	return Actor{ID: FromConsole, Name: FromConsole, Roles: []Role{RoleAdmin}, From: FromConsole}
}

// Known reports whether a is an account rather than a visitor.
func (a *Actor) Known() bool { return a.ID != "" }

// Has reports whether a holds any of the roles.
func (a *Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}
