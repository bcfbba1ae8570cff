// All subjects together.
#pragma once

#include <string>
#include <vector>

#include "doctor/machine.h"
#include "doctor/models.h"
#include "doctor/report.h"

namespace tijori {

struct Examination {
  std::vector<Condition> findings;
  std::vector<std::string> checked;  // subjects
  std::vector<Unseen> unseen;

  void take(SubjectReport report);
  // What the daemon says beside: the same finding counts once, and of the certificates in force its word stands.
  void take_daemon(std::vector<Condition> conditions);
  // The gravest first.
  void sort();
};

// What an administrator can see.
Examination examine(const Machine& machine, ModelDepth depth, const HashProgress& progress = {});

// What the daemon can see from inside its sandbox; its certificates in force and its models it judges itself.
std::vector<Condition> examine_from_inside(const Machine& machine);

}  // namespace tijori
