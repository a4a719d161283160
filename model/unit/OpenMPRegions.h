// The OpenMP directives in a function body: what stands in which, and which variables each thread
// has for itself where.
#ifndef HEDDLE_MODEL_UNIT_OPENMPREGIONS_H
#define HEDDLE_MODEL_UNIT_OPENMPREGIONS_H

#include "model/facts/TeamFacts.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtOpenMP.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace heddle {

/// The region that the directive makes of its body; None if no other thread gets to see it.
RegionKind regionKind(const clang::ASTContext &Context, const clang::OMPExecutableDirective &D);
/// Whether the thread that gets to a region goes on before the region has come to its end.
bool isLeftBehind(const clang::ASTContext &Context, const clang::OMPExecutableDirective &D);
/// Whether all threads of the team wait for each other at the end of the construct.
bool endsWithBarrier(const clang::OMPExecutableDirective &D);

/// Built once per body; refers to the AST and is immutable afterwards.
class OpenMPRegions {
public:
  struct Directive {
    const clang::OMPExecutableDirective *Clang = nullptr;
    int Parent = -1; ///< Index of the directive around it; -1 outside of all.
    RegionKind Region = RegionKind::None;
    uint32_t Part = 0;                                       ///< Of a section: its position.
    llvm::SmallDenseSet<const clang::VarDecl *, 8> Privates; ///< New in each thread.
    llvm::SmallDenseSet<const clang::VarDecl *, 4> Copies;   ///< The same, with the old value.
    /// Of regions: the automatic variables from outside that its body names.
    llvm::SmallSetVector<const clang::VarDecl *, 8> Used;
    bool UsesThis = false;
  };

  /// With `Region`, the body is that of the directive, which has index 0.
  OpenMPRegions(const clang::ASTContext &Context, const clang::Stmt *Body,
                const clang::OMPExecutableDirective *Region);

  bool empty() const { return All.empty(); }
  size_t size() const { return All.size(); }
  const Directive &operator[](int Index) const { return All[Index]; }
  /// Index of the innermost directive around the statement; -1 outside of all.
  int around(const clang::Stmt *S) const;
  int around(const clang::VarDecl *V) const;
  int indexOf(const clang::OMPExecutableDirective *D) const;
  /// Whether a region inside of this body runs what stands in the directive.
  bool isElsewhere(int Index) const;
  /// Whether the variable is the thread's own within the directive.
  bool isPrivate(const clang::VarDecl *V, int Index) const;

private:
  void walk(const clang::Stmt *S, int Around);
  int add(const clang::OMPExecutableDirective *D, int Around);
  void use(const clang::VarDecl *V, int Around);

  const clang::ASTContext &Context;
  bool IsRegion;
  std::vector<Directive> All;
  llvm::DenseMap<const clang::Stmt *, int> Places;
  llvm::DenseMap<const clang::VarDecl *, int> Declarations;
  llvm::DenseSet<const clang::VarDecl *> AnyPrivate;
};

} // namespace heddle

#endif
