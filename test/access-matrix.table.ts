/**
 * What each caller is answered on each route, for a request that fits, on rows that exist. «One role» is an account
 * with one role that has exactly the permission of the route, «staff» one with is_staff and no role. Reviewed by eye:
 * a route that is new, gone or open to somebody else shows up here as a changed line.
 */
export const accessMatrix = `\
method path                                        nobody   no role  one role staff    superuser
POST   /api/auth/register/                         201      201      201      201      201
POST   /api/auth/login/                            200      200      200      200      200
POST   /api/auth/token/refresh/                    200      200      200      200      200
POST   /api/auth/token/revoke/                     204      204      204      204      204
POST   /api/auth/logout/                           401      204      204      204      204
POST   /api/auth/token/revoke_all/                 401      200      200      200      200
POST   /api/auth/token/revoke_all/:user_id/        401      403      200      403      200
GET    /api/auth/me/                               401      200      200      200      200
PATCH  /api/auth/me/                               401      200      200      200      200
DELETE /api/auth/me/                               401      204      204      204      204
POST   /api/auth/me/password/                      401      204      204      204      204
GET    /api/auth/me/sessions/                      401      200      200      200      200
GET    /api/auth/me/get_sessions/                  401      200      200      200      200
GET    /api/auth/me/get_sessions/:user_id/         401      403      200      403      200
DELETE /api/auth/me/sessions/:id/                  401      204      204      204      204
GET    /api/auth/sessions/                         401      403      200      403      200
GET    /api/auth/session/                          401      403      200      403      200
GET    /api/auth/sessions/:id/                     401      403      200      403      200
GET    /api/auth/session/:id/                      401      403      200      403      200
PATCH  /api/auth/sessions/:id/                     401      403      200      403      200
PATCH  /api/auth/session/:id/                      401      403      200      403      200
DELETE /api/auth/sessions/:id/                     401      403      204      403      204
DELETE /api/auth/session/:id/                      401      403      204      403      204
GET    /api/auth/users/                            401      403      200      403      200
POST   /api/auth/users/                            401      403      201      403      201
GET    /api/auth/users/:id/                        401      403      200      403      200
PUT    /api/auth/users/:id/                        401      403      200      403      200
PATCH  /api/auth/users/:id/                        401      403      200      403      200
DELETE /api/auth/users/:id/                        401      403      204      403      204
GET    /api/auth/roles/                            401      403      200      403      200
POST   /api/auth/roles/                            401      403      201      403      201
GET    /api/auth/roles/:id/                        401      403      200      403      200
PUT    /api/auth/roles/:id/                        401      403      200      403      200
PATCH  /api/auth/roles/:id/                        401      403      200      403      200
DELETE /api/auth/roles/:id/                        401      403      204      403      204
GET    /api/auth/resources/                        401      403      200      403      200
GET    /api/auth/resourses/                        401      403      200      403      200
POST   /api/auth/resources/                        401      403      201      403      201
POST   /api/auth/resourses/                        401      403      201      403      201
GET    /api/auth/resources/:id/                    401      403      200      403      200
GET    /api/auth/resourses/:id/                    401      403      200      403      200
PUT    /api/auth/resources/:id/                    401      403      200      403      200
PUT    /api/auth/resourses/:id/                    401      403      200      403      200
PATCH  /api/auth/resources/:id/                    401      403      200      403      200
PATCH  /api/auth/resourses/:id/                    401      403      200      403      200
DELETE /api/auth/resources/:id/                    401      403      204      403      204
DELETE /api/auth/resourses/:id/                    401      403      204      403      204
GET    /api/auth/actions/                          401      403      200      403      200
POST   /api/auth/actions/                          401      403      201      403      201
GET    /api/auth/actions/:id/                      401      403      200      403      200
PUT    /api/auth/actions/:id/                      401      403      200      403      200
PATCH  /api/auth/actions/:id/                      401      403      200      403      200
DELETE /api/auth/actions/:id/                      401      403      204      403      204
GET    /api/auth/permissions/                      401      403      200      403      200
POST   /api/auth/permissions/                      401      403      201      403      201
GET    /api/auth/permissions/:id/                  401      403      200      403      200
PUT    /api/auth/permissions/:id/                  401      403      200      403      200
PATCH  /api/auth/permissions/:id/                  401      403      200      403      200
DELETE /api/auth/permissions/:id/                  401      403      204      403      204
POST   /api/auth/access/check/                     401      403      200      403      200
GET    /api/auth/access/explain/                   401      403      200      403      200
GET    /api/auth/access/who_can/                   401      403      200      403      200
GET    /api/auth/audit/                            401      403      200      403      200
GET    /api/demo/projects/                         401      403      200      403      200
POST   /api/demo/projects/                         401      403      201      403      201
GET    /api/demo/projects/:id/                     401      403      200      403      200
PUT    /api/demo/projects/:id/                     401      403      200      403      200
PATCH  /api/demo/projects/:id/                     401      403      200      403      200
DELETE /api/demo/projects/:id/                     401      403      204      403      204
GET    /api/demo/documents/                        401      403      200      403      200
POST   /api/demo/documents/                        401      403      201      403      201
GET    /api/demo/documents/export/                 401      403      200      403      200
GET    /api/demo/documents/:id/                    401      403      200      403      200
PUT    /api/demo/documents/:id/                    401      403      200      403      200
PATCH  /api/demo/documents/:id/                    401      403      200      403      200
DELETE /api/demo/documents/:id/                    401      403      204      403      204
POST   /api/demo/documents/:id/approve/            401      403      200      403      200
GET    /openapi.json                               200      200      200      200      200
GET    /swagger/                                   200      200      200      200      200
GET    /redoc/                                     200      200      200      200      200
GET    /.well-known/jwks.json                      200      200      200      200      200
GET    /health/live                                200      200      200      200      200
GET    /health/ready                               200      200      200      200      200
GET    /metrics                                    200      200      200      200      200
POST /api/auth/register/',
POST /api/auth/login/',
POST /api/auth/token/refresh/',
POST /api/auth/token/revoke/',
POST /api/auth/logout/',
POST /api/auth/token/revoke_all/',
POST /api/auth/token/revoke_all/:user_id/',
GET /api/auth/me/',
PATCH /api/auth/me/',
DELETE /api/auth/me/',
POST /api/auth/me/password/',
GET /api/auth/me/sessions/',
GET /api/auth/me/get_sessions/',
GET /api/auth/me/get_sessions/:user_id/',
DELETE /api/auth/me/sessions/:id/',
GET /api/auth/sessions/',
GET /api/auth/session/',
GET /api/auth/sessions/:id/',
PATCH /api/auth/sessions/:id/',
DELETE /api/auth/sessions/:id/',
GET /api/auth/session/:id/',
PATCH /api/auth/session/:id/',
DELETE /api/auth/session/:id/',
GET /api/auth/users/',
POST /api/auth/users/',
GET /api/auth/users/:id/',
PUT /api/auth/users/:id/',
PATCH /api/auth/users/:id/',
DELETE /api/auth/users/:id/',
GET /api/auth/roles/',
POST /api/auth/roles/',
GET /api/auth/roles/:id/',
PUT /api/auth/roles/:id/',
PATCH /api/auth/roles/:id/',
DELETE /api/auth/roles/:id/',
GET /api/auth/resources/',
POST /api/auth/resources/',
GET /api/auth/resourses/',
POST /api/auth/resourses/',
GET /api/auth/resources/:id/',
PUT /api/auth/resources/:id/',
PATCH /api/auth/resources/:id/',
DELETE /api/auth/resources/:id/',
GET /api/auth/resourses/:id/',
PUT /api/auth/resourses/:id/',
PATCH /api/auth/resourses/:id/',
DELETE /api/auth/resourses/:id/',
GET /api/auth/actions/',
POST /api/auth/actions/',
GET /api/auth/actions/:id/',
PUT /api/auth/actions/:id/',
PATCH /api/auth/actions/:id/',
DELETE /api/auth/actions/:id/',
GET /api/auth/permissions/',
POST /api/auth/permissions/',
GET /api/auth/permissions/:id/',
PUT /api/auth/permissions/:id/',
PATCH /api/auth/permissions/:id/',
DELETE /api/auth/permissions/:id/',
POST /api/auth/access/check/',
GET /api/auth/access/explain/',
GET /api/auth/access/who_can/',
GET /api/auth/audit/',
GET /api/demo/projects/',
POST /api/demo/projects/',
GET /api/demo/projects/:id/',
PUT /api/demo/projects/:id/',
PATCH /api/demo/projects/:id/',
DELETE /api/demo/projects/:id/',
GET /api/demo/documents/',
POST /api/demo/documents/',
GET /api/demo/documents/export/',
GET /api/demo/documents/:id/',
PUT /api/demo/documents/:id/',
PATCH /api/demo/documents/:id/',
DELETE /api/demo/documents/:id/',
POST /api/demo/documents/:id/approve/',
GET /.well-known/jwks.json',
GET /health/live',
GET /health/ready',
GET /metrics',
GET /openapi.json'
`
