#include "model/unit/OpenMPRegions.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/OpenMPClause.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace heddle;

namespace {

bool isConstant(const ASTContext &Context, const Expr *E, int64_t Wanted) {
  Expr::EvalResult Result;
  return E && !E->isValueDependent() && E->EvaluateAsInt(Result, Context) &&
         Result.Val.getInt() == Wanted;
}

/// Whether the directive's clauses say that no second thread takes part.
bool runsAlone(const ASTContext &Context, const OMPExecutableDirective &D, bool IsTeam) {
  for (const auto *If : D.getClausesOfKind<OMPIfClause>()) {
    bool Truth = true;
    const Expr *Condition = If->getCondition();
    bool Applies = If->getNameModifier() == llvm::omp::OMPD_unknown ||
                   isOpenMPParallelDirective(If->getNameModifier()) == IsTeam;
    if (Applies && Condition && !Condition->isValueDependent() &&
        Condition->EvaluateAsBooleanCondition(Truth, Context) && !Truth)
      return true;
  }
  if (!IsTeam)
    return false;
  // One thread in each of several teams is still several threads.
  if (isOpenMPTeamsDirective(D.getDirectiveKind())) {
    const auto *Teams = D.getSingleClause<OMPNumTeamsClause>();
    return Teams && Teams->varlist_size() == 1 && isConstant(Context, *Teams->varlist_begin(), 1) &&
           !isOpenMPParallelDirective(D.getDirectiveKind());
  }
  const auto *Threads = D.getSingleClause<OMPNumThreadsClause>();
  return Threads && isConstant(Context, Threads->getNumThreads(), 1);
}

const VarDecl *variableOf(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  while (true) {
    if (const auto *Section = dyn_cast<ArraySectionExpr>(E))
      E = Section->getBase()->IgnoreParenImpCasts();
    else if (const auto *Subscript = dyn_cast<ArraySubscriptExpr>(E))
      E = Subscript->getBase()->IgnoreParenImpCasts();
    else
      break;
  }
  const auto *Reference = dyn_cast<DeclRefExpr>(E);
  return Reference ? dyn_cast<VarDecl>(Reference->getDecl()) : nullptr;
}

template <typename Clause> void addVariables(const OMPClause *C, auto &To) {
  if (const auto *List = dyn_cast<Clause>(C))
    for (const Expr *E : List->varlist())
      if (const VarDecl *V = variableOf(E))
        To.insert(V->getCanonicalDecl());
}

} // namespace

RegionKind heddle::regionKind(const ASTContext &Context, const OMPExecutableDirective &D) {
  OpenMPDirectiveKind Kind = D.getDirectiveKind();
  if (!D.hasAssociatedStmt() || D.isStandaloneDirective())
    return RegionKind::None;
  if (isOpenMPParallelDirective(Kind) || isOpenMPTeamsDirective(Kind))
    return runsAlone(Context, D, true) ? RegionKind::None : RegionKind::Team;
  if (isOpenMPTaskLoopDirective(Kind))
    return runsAlone(Context, D, false) ? RegionKind::None : RegionKind::Tasks;
  bool Depends = D.hasClausesOfKind<OMPDependClause>();
  if (Kind == llvm::omp::OMPD_task)
    return runsAlone(Context, D, false) && !Depends ? RegionKind::None : RegionKind::Task;
  // A device's work is a task as well; without dependences it is as good as done where it stands.
  return isOpenMPTargetExecutionDirective(Kind) && Depends ? RegionKind::Task : RegionKind::None;
}

bool heddle::isLeftBehind(const ASTContext &Context, const OMPExecutableDirective &D) {
  return D.getDirectiveKind() == llvm::omp::OMPD_task
             ? !runsAlone(Context, D, false)
             : D.hasClausesOfKind<OMPNogroupClause>() || D.hasClausesOfKind<OMPNowaitClause>();
}

bool heddle::endsWithBarrier(const OMPExecutableDirective &D) {
  OpenMPDirectiveKind Kind = D.getDirectiveKind();
  if (isOpenMPParallelDirective(Kind) || isOpenMPTeamsDirective(Kind) ||
      isOpenMPDistributeDirective(Kind) || isOpenMPTaskLoopDirective(Kind))
    return false;
  bool Waits = (isOpenMPWorksharingDirective(Kind) && Kind != llvm::omp::OMPD_section) ||
               Kind == llvm::omp::OMPD_scope || Kind == llvm::omp::OMPD_loop;
  return Waits && !D.hasClausesOfKind<OMPNowaitClause>();
}

OpenMPRegions::OpenMPRegions(const ASTContext &Context, const Stmt *Body,
                             const OMPExecutableDirective *Region)
    : Context(Context), IsRegion(Region) {
  if (Region)
    add(Region, -1);
  walk(Body, Region ? 0 : -1);
}

int OpenMPRegions::around(const Stmt *S) const {
  auto Known = Places.find(S);
  return Known != Places.end() ? Known->second : IsRegion ? 0 : -1;
}

int OpenMPRegions::around(const VarDecl *V) const {
  auto Known = Declarations.find(V);
  return Known != Declarations.end() ? Known->second : IsRegion ? 0 : -1;
}

int OpenMPRegions::indexOf(const OMPExecutableDirective *D) const {
  for (size_t I = 0; I < All.size(); ++I)
    if (All[I].Clang == D)
      return I;
  return -1;
}

bool OpenMPRegions::isElsewhere(int Index) const {
  for (; Index >= (IsRegion ? 1 : 0); Index = All[Index].Parent)
    if (All[Index].Region != RegionKind::None)
      return true;
  return false;
}

bool OpenMPRegions::isPrivate(const VarDecl *V, int Index) const {
  V = V->getCanonicalDecl();
  if (!AnyPrivate.count(V))
    return false;
  for (; Index >= 0; Index = All[Index].Parent)
    if (All[Index].Privates.count(V))
      return true;
  return false;
}

int OpenMPRegions::add(const OMPExecutableDirective *D, int Around) {
  int Index = All.size();
  Directive Info;
  Info.Clang = D;
  Info.Parent = Around;
  Info.Region = regionKind(Context, *D);
  if (isa<OMPSectionDirective>(D) && Around >= 0)
    for (const Directive &Sibling : All)
      Info.Part += Sibling.Parent == Around;
  for (const OMPClause *C : D->clauses()) {
    addVariables<OMPPrivateClause>(C, Info.Privates);
    addVariables<OMPFirstprivateClause>(C, Info.Privates);
    addVariables<OMPFirstprivateClause>(C, Info.Copies);
    addVariables<OMPLastprivateClause>(C, Info.Privates);
    addVariables<OMPReductionClause>(C, Info.Privates);
    addVariables<OMPInReductionClause>(C, Info.Privates);
    addVariables<OMPLinearClause>(C, Info.Privates);
  }
  if (const auto *Loop = dyn_cast<OMPLoopDirective>(D))
    for (const Expr *Counter : Loop->counters())
      if (const VarDecl *V = variableOf(Counter))
        Info.Privates.insert(V->getCanonicalDecl());
  AnyPrivate.insert(Info.Privates.begin(), Info.Privates.end());
  All.push_back(std::move(Info));
  return Index;
}

void OpenMPRegions::use(const VarDecl *V, int Around) {
  if (!V->hasLocalStorage())
    return;
  auto Declared = Declarations.find(V);
  int Home = Declared == Declarations.end() ? -1 : Declared->second;
  for (int Index = Around; Index > Home; Index = All[Index].Parent)
    if (All[Index].Region != RegionKind::None)
      All[Index].Used.insert(V->getCanonicalDecl());
}

void OpenMPRegions::walk(const Stmt *S, int Around) {
  if (!S)
    return;
  Places[S] = Around;
  if (const auto *D = dyn_cast<OMPExecutableDirective>(S)) {
    int Index = add(D, Around);
    for (const OMPClause *C : D->clauses())
      for (const Stmt *Child : C->children())
        walk(Child, Around);
    if (D->hasAssociatedStmt() && !D->isStandaloneDirective())
      walk(D->getRawStmt(), Index);
    return;
  }
  if (const auto *Declaration = dyn_cast<DeclStmt>(S))
    for (const Decl *Each : Declaration->decls())
      if (const auto *V = dyn_cast<VarDecl>(Each))
        Declarations[V] = Around;
  if (const auto *Reference = dyn_cast<DeclRefExpr>(S))
    if (const auto *V = dyn_cast<VarDecl>(Reference->getDecl()))
      use(V, Around);
  if (isa<CXXThisExpr>(S))
    for (int Index = Around; Index >= 0; Index = All[Index].Parent)
      All[Index].UsesThis = true;
  for (const Stmt *Child : S->children())
    walk(Child, Around);
}
