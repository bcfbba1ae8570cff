// Every request of both sockets: who asks, which route, may they, and then on to the pipeline or a service.
// Thread-safe.
#pragma once

#include "daemon/admin_service.h"
#include "daemon/hourly_counts.h"
#include "daemon/http.h"
#include "daemon/pipeline.h"
#include "daemon/register.h"

namespace tijori {

class Dispatcher final : public HttpHandler {
 public:
  // All of these must outlive the dispatcher.
  Dispatcher(Register& clients, Pipeline& pipeline, AdminService& admin, const ModelRouter& models,
             HourlyCounts& counts)
      : clients_(clients), pipeline_(pipeline), admin_(admin), models_(models), counts_(counts) {}

  void handle(const HttpRequest& request, ResponseWriter& writer) override;
  void turned_away() override { counts_.count("refused"); }

 private:
  using Answer = Refusable<std::optional<HttpResponse>>;
  Answer dispatch(const HttpRequest& request, ResponseWriter& writer);
  Answer serve(const Identity& client, const RouteMatch& match, const HttpRequest& request, ResponseWriter& writer);
  Answer health();
  Answer list_models();
  Answer show_model(const std::string& alias);
  Answer tokenize(const HttpRequest& request, Endpoint endpoint);

  Register& clients_;
  Pipeline& pipeline_;
  AdminService& admin_;
  const ModelRouter& models_;
  HourlyCounts& counts_;
};

}  // namespace tijori
